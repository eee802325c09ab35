"""The Read view: one patch, its pictures and what BigEarthNet.txt says of it, each pointing at the other."""
