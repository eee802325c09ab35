"""What must stay with every copy of BigEarthNet v2 and BigEarthNet.txt."""

from data_access.dataset import Licence

BIGEARTHNET_LICENCE = Licence(
    name="CDLA-Permissive-1.0",
    url="https://cdla.dev/permissive-1-0/",
    credit=(
        "BigEarthNet v2.0 and BigEarthNet.txt by BIFOLD and TU Berlin (RSiM), CDLA-Permissive-1.0. "
        "Contains modified Copernicus Sentinel data 2017-2018. "
        "Reference maps from CORINE Land Cover 2018, © European Union, Copernicus Land Monitoring Service, European "
        "Environment Agency."
    ),
    citation=(
        "@article{herzog2026bigearthnettxt,\n"
        "  title = {{BigEarthNet.txt}: A Large-Scale Multi-Sensor Image-Text Dataset and Benchmark for Earth "
        "Observation},\n"
        '  author = {Herzog, Johann-Ludwig and Adler, Mathis J{\\"u}rgen and Hackel, Leonard and Shu, Yan and '
        'Zavras, Angelos and Papoutsis, Ioannis and Rota, Paolo and Demir, Beg{\\"u}m},\n'
        "  journal = {arXiv preprint arXiv:2603.29630},\n"
        "  year = {2026}\n"
        "}\n"
        "@article{clasen2024rebigearthnet,\n"
        "  title = {{reBEN}: Refined {BigEarthNet} Dataset for Remote Sensing Image Analysis},\n"
        '  author = {Clasen, Kai Norman and Hackel, Leonard and Burgert, Tom and Sumbul, Gencer and Demir, Beg{\\"u}m '
        "and Markl, Volker},\n"
        "  journal = {arXiv preprint arXiv:2407.03653},\n"
        "  year = {2024}\n"
        "}"
    ),
)
