"""The anchor of unet-speed.ts: one training step, and inference, of the paper's U-Net in PyTorch, in float32 on the CPU.

    python3 -m venv anchor && anchor/bin/pip install torch==2.15.0 numpy==2.4.6 nibabel==5.4.2 SimpleITK==2.5.7
    VOLBIAS_TEST_PYTHON=anchor/bin/python npm run bench

By itself: anchor/bin/python test/bench/unet_step.py --shape 54,54,54 --channels 4 --steps 8 --threads 2
It needs torch alone, and a C++ compiler for --compile; a shape of two numbers makes a 2D network. The product needs none
of this.

Prints one line of JSON:
    torch           version
    parameters      of the network; unet-speed.ts compares the number with volbias's own
    milliseconds    of each step: forward pass, mean cross-entropy, backward pass, Adam
    peakMebibytes   of the process after the last step, Python and torch included
    prediction      milliseconds to predict one image, without gradients: the least of three once the process is warm
"""

import argparse
import json
import time

import torch
from torch import nn
from torch.nn import functional as F

# Filters before pooling and after up-sampling, level by level, and of the bottom.
LEVELS = [([10, 20], [20, 10]), ([20, 40], [40, 20]), ([40, 80], [80, 40])]
BOTTOM = [40, 20]


class Convolutions(nn.Sequential):
    """3-wide zero-padded convolutions, each with a leaky ReLU."""

    def __init__(self, convolution, channels, filters):
        layers = []
        for count in filters:
            layers += [convolution(channels, count, kernel_size=3, padding="same"), nn.LeakyReLU(0.01)]
            channels = count
        super().__init__(*layers)


class UNet(nn.Module):
    """Three levels of average pooling by 3; linear up-sampling by 3; skips joined as [skip, up-sampled]; no norms."""

    def __init__(self, dimensions, channels):
        super().__init__()
        convolution, pooling, mode = {
            2: (nn.Conv2d, nn.AvgPool2d, "bilinear"),
            3: (nn.Conv3d, nn.AvgPool3d, "trilinear"),
        }[dimensions]
        self.encoders, self.decoders = nn.ModuleList(), nn.ModuleList()
        for filters, _ in LEVELS:
            self.encoders.append(Convolutions(convolution, channels, filters))
            channels = filters[-1]
        self.bottom = Convolutions(convolution, channels, BOTTOM)
        channels = BOTTOM[-1]
        for skipped, filters in reversed(LEVELS):
            self.decoders.append(Convolutions(convolution, skipped[-1] + channels, filters))
            channels = filters[-1]
        self.logits = convolution(channels, 1, kernel_size=1)
        self.pool = pooling(3)
        self.upsample = nn.Upsample(scale_factor=3, mode=mode, align_corners=False)

    def forward(self, value):
        skips = []
        for encoder in self.encoders:
            skips.append(encoder(value))
            value = self.pool(skips[-1])
        value = self.bottom(value)
        for decoder in self.decoders:
            value = decoder(torch.cat([skips.pop(), self.upsample(value)], dim=1))
        return self.logits(value)


def timed(work):
    """Milliseconds that the call takes."""
    begin = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begin)


def peak_mebibytes():
    """Not getrusage's, which on Linux begins at the size of the process that started this one."""
    with open("/proc/self/status") as status:
        return round(next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024)


def arguments():
    parser = argparse.ArgumentParser(description="Times the paper's U-Net in PyTorch; see the head of this file.")
    parser.add_argument("--shape", required=True, help="voxels along x, y and, in 3D, z, such as 54,54,54; multiples of 27")
    parser.add_argument("--channels", type=int, default=1, help="modalities")
    parser.add_argument("--batch", type=int, default=1, help="images a step")
    parser.add_argument("--steps", type=int, default=10, help="training steps to time")
    parser.add_argument("--threads", type=int, default=2, help="threads of one operation")
    parser.add_argument("--memory-format", choices=["default", "channels-last"], default="default", help="of images and weights")
    parser.add_argument("--compile", action="store_true", help="the network, by torch.compile")
    given = parser.parse_args()
    # As volbias keeps images: x is the fastest axis in memory, so PyTorch's last.
    given.shape = [int(size) for size in reversed(given.shape.split(","))]
    if len(given.shape) not in (2, 3) or any(size < 27 or size % 27 for size in given.shape):
        parser.error("--shape takes two or three multiples of 27")
    return given


def main():
    given = arguments()
    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    network = UNet(len(given.shape), given.channels)
    images = torch.randn(given.batch, given.channels, *given.shape)
    truth = (torch.rand(given.batch, 1, *given.shape) > 0.9).float()
    if given.memory_format == "channels-last":
        form = torch.channels_last if len(given.shape) == 2 else torch.channels_last_3d
        network, images = network.to(memory_format=form), images.to(memory_format=form)
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3, eps=1e-7)
    if given.compile:
        network = torch.compile(network, dynamic=False)

    def step():
        optimiser.zero_grad()
        loss = F.binary_cross_entropy_with_logits(network(images), truth)
        loss.backward()
        optimiser.step()
        loss.item()

    @torch.inference_mode()
    def predict():
        torch.sigmoid(network(images[:1]))

    milliseconds = [timed(step) for _ in range(given.steps)]
    peak = peak_mebibytes()
    print(
        json.dumps(
            {
                "torch": torch.__version__,
                "parameters": sum(parameter.numel() for parameter in network.parameters()),
                "milliseconds": milliseconds,
                "peakMebibytes": peak,
                "prediction": min([timed(predict) for _ in range(4)][1:]),
            }
        )
    )


main()
