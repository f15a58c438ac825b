using System.Diagnostics;
using TorchSharp;
using WebImageText.Learn.Train.Cuda;
using static TorchSharp.torch;

namespace WebImageText.Learn.Train;

/// <summary>Memory in use, asked for now and then: asking costs a device call.</summary>
internal sealed class MemoryGauge(Device device, TimeSpan every)
{
    private long _asked = long.MinValue;
    private long _bytes;

    /// <summary>Bytes of the device, or of this process on a CPU.</summary>
    public long Read()
    {
        if (_asked != long.MinValue && Stopwatch.GetElapsedTime(_asked) < every)
            return _bytes;
        _asked = Stopwatch.GetTimestamp();
        return _bytes = device.type == DeviceType.CUDA ? CudaRuntime.Memory().Used : Environment.WorkingSet;
    }
}
