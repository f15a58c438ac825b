using TorchSharp;
using WebImageText.Learn.Train.Cuda;
using static TorchSharp.torch;

namespace WebImageText.Learn.Train;

/// <summary>
/// A step's figures on their way to the host: asked for when the step is under way and read when they have come, so that the host
/// never waits for a later step that the device has been given meanwhile.
/// </summary>
internal sealed class LateFigures : IDisposable
{
    private readonly Tensor _here;
    private readonly nint _come;

    /// <summary>Takes the figures over.</summary>
    /// <param name="figures">float32, on the device.</param>
    public LateFigures(Tensor figures)
    {
        if (figures.device_type != DeviceType.CUDA || !CudaRuntime.IsPresent)
        {
            _here = figures;
            return;
        }
        using (figures)
        {
            using var pageable = empty(figures.shape, figures.dtype);
            _here = pageable.pin_memory().DetachFromDisposeScope();
            _here.copy_(figures, true);
        }
        _come = CudaRuntime.NewEvent();
        CudaRuntime.Record(_come, CudaRuntime.DefaultStream);
    }

    /// <summary>Waits for them.</summary>
    public float[] Read()
    {
        if (_come != 0)
            CudaRuntime.Await(_come);
        using var here = _here.cpu();
        return here.data<float>().ToArray();
    }

    public void Dispose()
    {
        _here.Dispose();
        if (_come != 0)
            CudaRuntime.DropEvent(_come);
    }
}
