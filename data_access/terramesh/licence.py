"""What must stay with every copy of TerraMesh's data."""

from data_access.dataset import Licence

# The notice of the Copernicus DEM is a condition of its licence, word for word.
_DEM_NOTICE = (
    "© DLR e.V. 2010-2014 and © Airbus Defence and Space GmbH 2014-2018 provided under COPERNICUS by the European "
    "Union and ESA; all rights reserved"
)

TERRAMESH_LICENCE = Licence(
    name="CC-BY-SA-4.0",
    url="https://creativecommons.org/licenses/by-sa/4.0/",
    credit=(
        "TerraMesh by IBM and ESA (FAST-EO), CC-BY-SA-4.0: share copies and derived data under the same licence. "
        "Made from Copernicus Sentinel data by way of Major TOM Core (CC-BY-SA-4.0) and SSL4EO-S12 v1.1 (CC-BY-4.0); "
        "land cover by Esri, Impact Observatory and Microsoft (CC-BY-4.0); cloud masks by SEnSeIv2. "
        f"Elevation from Copernicus WorldDEM-30 {_DEM_NOTICE}."
    ),
    citation=(
        "@inproceedings{blumenstiel2025terramesh,\n"
        "  title = {{TerraMesh}: A Planetary Mosaic of Multimodal Earth Observation Data},\n"
        "  author = {Blumenstiel, Benedikt and Fraccaro, Paolo and Marsocci, Valerio and Jakubik, Johannes and "
        "Maurogiovanni, Stefano and Czerkawski, Mikolaj and Sedona, Rocco and Cavallaro, Gabriele and "
        "Brunschwiler, Thomas and Bernabe-Moreno, Juan and others},\n"
        "  booktitle = {Proceedings of the IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR) "
        "Workshops},\n"
        "  year = {2025}\n"
        "}"
    ),
)
