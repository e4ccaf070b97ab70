"""What scripts/bench measures PyTorch with: the same network, rule, batch sizes and number of threads.

Questions on stdin, answers on stdout, as dev.schuss.bench.Worker has it:
  train BATCH SECONDS                      samples per second
  fashion FOLDER BATCH EPOCHS RATE         seconds, and the test accuracy after each epoch
"""
import gzip
import os
import sys
import time

import numpy
import torch

torch.set_num_threads(2)


def mlp(*widths):
    layers = []
    for i in range(len(widths) - 1):
        layers.append(torch.nn.Linear(widths[i], widths[i + 1]))
        if i < len(widths) - 2:
            layers.append(torch.nn.ReLU())
    net = torch.nn.Sequential(*layers)
    for layer in net:
        if isinstance(layer, torch.nn.Linear):  # He's initializer, as in Schuss
            torch.nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            torch.nn.init.zeros_(layer.bias)
    return net


def batches(x, y, batch):
    """One epoch: every row once, in a new order."""
    order = torch.randperm(len(x))
    for i in range(0, len(x), batch):
        rows = order[i:i + batch]
        yield x[rows], y[rows]


def step(net, optimizer, x, y):
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()


generated = []


def train(batch, seconds):
    if not generated:
        x = torch.rand(60000, 784)
        generated.append(x * (torch.rand(60000, 784) < 0.2))
        generated.append(torch.randint(0, 10, (60000,)))
    net = mlp(784, 512, 256, 10)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
    start = time.perf_counter()
    counted_from = None
    rows = 0
    while True:
        for x, y in batches(*generated, batch):
            step(net, optimizer, x, y)
            now = time.perf_counter()
            if counted_from is not None:
                rows += len(x)
            elif now - start >= seconds / 5:
                counted_from = now
            if rows > 0 and now - start > seconds:
                return rows / (now - counted_from)


def idx(path):
    with gzip.open(path) as f:
        content = f.read()
    dimensions = content[3]
    shape = numpy.frombuffer(content, ">i4", dimensions, 4)
    return numpy.frombuffer(content, numpy.uint8, offset=4 + 4 * dimensions).reshape(shape)


def fashion(folder, batch, epochs, rate):
    start = time.perf_counter()

    def load(name):
        x = idx(os.path.join(folder, name + "-images-idx3-ubyte.gz")).reshape(-1, 784)
        y = idx(os.path.join(folder, name + "-labels-idx1-ubyte.gz"))
        return torch.from_numpy(x.astype(numpy.float32) / 255), torch.from_numpy(y.astype(numpy.int64))

    x, y = load("train")
    test_x, test_y = load("t10k")
    net = mlp(784, 256, 128, 10)
    optimizer = torch.optim.Adam(net.parameters(), lr=rate)
    steps = epochs * -(-len(x) // batch)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    accuracy = []
    for _ in range(epochs):
        for bx, by in batches(x, y, batch):
            step(net, optimizer, bx, by)
            schedule.step()
        with torch.no_grad():
            right = (net(test_x).argmax(1) == test_y).float().mean().item()
        accuracy.append("%.2f:%.4f" % (time.perf_counter() - start, right))
    return " ".join(accuracy)


def blas():
    """The BLAS that PyTorch computes with, where it is a library of its own: it makes all the difference."""
    torch.rand(99, 99) @ torch.rand(99, 99)
    with open("/proc/self/maps") as maps:
        files = {os.path.basename(os.path.realpath(line.split()[-1])) for line in maps if "blas" in line}
    return ", ".join(sorted(files)) or "its own BLAS"


print("= PyTorch %s with %s" % (torch.__version__, blas()), flush=True)
for line in sys.stdin:
    q = line.split()
    if q[0] == "train":
        print("= %.4f" % train(int(q[1]), float(q[2])), flush=True)
    elif q[0] == "fashion":
        print("= " + fashion(q[1], int(q[2]), int(q[3]), float(q[4])), flush=True)
    else:
        raise ValueError(line)
