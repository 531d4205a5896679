"""Puts networks into one model, in the order in which they are asked, and writes its manifest.

    python Models/training/together.py Models .build/textnet-1:1.5:.25 .build/textnet-2 .build/textnet-3:1 .build/textnet-4

Each is a folder that `train.py` wrote, and what is added to its log odds and to its gate's: 0 unless told.
"""
import argparse
import hashlib
import json
import os

from network import GATE_AT, NETWORKS, VERSION, read_safetensors, write_safetensors


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("networks", nargs=NETWORKS, help="FOLDER, FOLDER:LEAN or FOLDER:LEAN:GATE")
    options = parser.parse_args()
    tensors, manifests = {}, []
    for number, network in enumerate(options.networks):
        folder, lean, gate = (network.split(":") + ["0", "0"])[:3]
        added = {"head.bias": float(lean), "gate.head.bias": float(gate)}
        members = read_safetensors(os.path.join(folder, "textnet.safetensors"))
        for name in added:
            members[name] = members[name] + added[name]
        tensors |= {f"{number}.{name}": tensor for name, tensor in members.items()}
        with open(os.path.join(folder, "textnet.json")) as file:
            manifest = json.load(file)
        manifests.append({"added": added, **{key: manifest[key] for key in ("version", "weights", "training", "evaluation")}})
    path = os.path.join(options.out, "textnet.safetensors")
    write_safetensors(path + ".part", tensors, {"version": VERSION, "format": "TextNet", "gate": str(GATE_AT)})
    os.replace(path + ".part", path)
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    with open(os.path.join(options.out, "textnet.json"), "w") as file:
        json.dump({"name": "TextNet", "version": VERSION, "file": "textnet.safetensors", "sha256": digest,
                   "weights": sum(m["weights"] for m in manifests), "networks": manifests}, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
