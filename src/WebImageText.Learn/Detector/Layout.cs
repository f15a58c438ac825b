using TorchSharp;
using static TorchSharp.torch;

namespace WebImageText.Learn.Detector;

/// <summary>How tensors lie in memory: on CUDA channel by channel within a pixel, where convolutions are fastest.</summary>
internal static class Layout
{
    /// <summary>A batch of images or kernels with the channels of a pixel side by side; same values, same shape.</summary>
    public static Tensor ChannelsLast(Tensor images) => images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    /// <summary>A kernel in the type and layout of the images it meets.</summary>
    public static Tensor Like(Tensor kernel, Tensor images)
    {
        var typed = kernel.to(images.dtype);
        return images.device_type == DeviceType.CUDA ? ChannelsLast(typed) : typed;
    }
}
