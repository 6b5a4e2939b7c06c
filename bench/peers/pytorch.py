"""PyTorch's side of `npm run bench:peers`: the network of network.json, told what to do by lines of JSON (see serve.mjs)."""

import json
import os
import re
import sys
import time

settings = json.loads(sys.argv[1])
threads, folder = settings["threads"], settings["folder"]
os.environ["OMP_NUM_THREADS"] = str(threads)


def answer(value):
    print(json.dumps(value), flush=True)


try:
    import torch
    import torch.nn as nn
    import torch.nn.functional as F
except ImportError as error:
    answer({"error": str(error), "isMissing": True})
    sys.exit()

BATCH = 128
torch.set_num_threads(threads)
torch.manual_seed(0)


def read(name):
    with open(os.path.join(folder, name), "rb") as file:
        return bytearray(file.read())


def modules_of(layer, values):
    """A layer as modules with its weights. The last softmax is left to the loss, and to `probabilities`."""
    tensors = {
        name: values[place["offset"] :][: torch.Size(place["shape"]).numel()].reshape(place["shape"])
        for name, place in layer["tensors"].items()
    }
    kind = layer["type"]
    if kind == "flatten":
        return [nn.Flatten()]
    if kind == "dropout":
        return [nn.Dropout(layer["rate"])]
    if kind == "maxPooling2d":
        return [nn.MaxPool2d(layer["poolSize"], layer.get("strides"))]
    if kind == "batchNormalization":
        shape = layer["inputShape"]
        module = nn.BatchNorm2d if len(shape) == 3 else nn.BatchNorm1d
        module = module(shape[0], eps=layer["epsilon"], momentum=1 - layer["momentum"])
        names = {"gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var"}
    elif kind == "conv2d":
        module = nn.Conv2d(layer["inputShape"][0], layer["filters"], layer["kernelSize"], layer["strides"])
        names = {"kernel": "weight", "bias": "bias"}
    elif kind == "dense":
        module = nn.Linear(layer["inputShape"][0], layer["units"])
        names = {"kernel": "weight", "bias": "bias"}
        tensors["kernel"] = tensors["kernel"].t()
    with torch.no_grad():
        for name, target in names.items():
            getattr(module, target).copy_(tensors[name])
    activation = layer.get("activation", {}).get("type")
    return [module, nn.ReLU()] if activation == "relu" else [module]


layers = json.loads(read("network.json"))
values = torch.frombuffer(read("network.bin"), dtype=torch.float32)
net = nn.Sequential(*[module for layer in layers for module in modules_of(layer, values)])
layout = torch.channels_last if settings["channelsLast"] else torch.contiguous_format
net = net.to(memory_format=layout)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, eps=1e-7)


def images_of(name):
    pixels = torch.frombuffer(read(name), dtype=torch.uint8).float() / 255
    return pixels.reshape(-1, *layers[0]["inputShape"]).contiguous(memory_format=layout)


images = images_of("images")
labels = torch.frombuffer(read("labels"), dtype=torch.uint8).long()


def part(i, rows):
    start = i * rows % len(labels)
    return slice(start, start + rows)


def training(i):
    rows = part(i, BATCH)
    optimizer.zero_grad(set_to_none=True)
    F.cross_entropy(net(images[rows]), labels[rows]).backward()
    optimizer.step()
    return BATCH


def probabilities_of(pixels):
    with torch.inference_mode():
        return F.softmax(net(pixels), 1)


def inference(i):
    probabilities_of(images[part(i, BATCH)])
    return BATCH


def one(i):
    probabilities_of(images[part(i, 1)])
    return 1


def rate(step, seconds):
    """Images a second."""
    done, i, started = 0, 0, time.perf_counter()
    while True:
        done += step(i)
        i += 1
        elapsed = time.perf_counter() - started
        if elapsed >= seconds:
            return done / elapsed


def median_time(step, seconds):
    """The median of single steps, in ms."""
    times, i, last = [], 0, time.perf_counter()
    end = last + seconds
    while last < end:
        step(i)
        i += 1
        now = time.perf_counter()
        times.append(now - last)
        last = now
    return 1000 * sorted(times)[len(times) // 2]


def blas():
    """Which library multiplies matrices: PyTorch's speed hangs on it. Where the process's libraries cannot be read, None."""
    if torch.backends.mkl.is_available():
        return "MKL"
    try:
        with open("/proc/self/maps") as maps:
            found = re.findall(r"lib(openblas|blis|atlas|flexiblas|blas)", maps.read())
    except OSError:
        return None
    names = {"openblas": "OpenBLAS", "blis": "BLIS", "atlas": "ATLAS", "flexiblas": "FlexiBLAS", "blas": "reference BLAS"}
    return next((title for name, title in names.items() if name in found), None)


library = blas()
about = {"version": f"{torch.__version__}, {library or 'unknown BLAS'}, Python {sys.version.split()[0]}"}
if library == "reference BLAS":
    about["mark"] = "slow BLAS"
    about["note"] = (
        "its matrix products run on the reference BLAS, which takes many times as long as others; nothing can be "
        "concluded from its figures. apt-get install libopenblas0-openmp, or name another Python: PYTHON=..."
    )
answer(about)

for line in sys.stdin:
    request = json.loads(line)
    measure = request["measure"]
    try:
        net.train(measure == "training")
        if measure == "probabilities":
            answer({"value": probabilities_of(images_of("check")).flatten().tolist()})
        elif measure == "one":
            answer({"value": median_time(one, request["seconds"])})
        else:
            answer({"value": rate({"training": training, "inference": inference}[measure], request["seconds"])})
    except Exception as error:  # told to the other end, which goes on without this measure
        answer({"error": str(error)})
