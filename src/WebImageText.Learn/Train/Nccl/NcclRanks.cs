using TorchSharp;
using WebImageText.Learn.Train.Cuda;
using static TorchSharp.torch;

namespace WebImageText.Learn.Train.Nccl;

/// <summary>
/// Processes with a GPU each, joined by NCCL. Everything runs on the default stream, in the order of the calls; sums beside it run on
/// a stream of their own, one after the other.
/// </summary>
internal sealed class NcclRanks : IRanks, IDisposable
{
    private readonly nint _communicator;
    private readonly nint _stream, _ready, _done;
    private bool _isBeside;

    /// <summary>Joins the others; waits until all are there.</summary>
    /// <exception cref="DllNotFoundException">There is no NCCL on this machine.</exception>
    public NcclRanks(NcclLibrary.UniqueId id, int rank, int count)
    {
        (Rank, Count) = (rank, count);
        _communicator = NcclLibrary.Join(id, rank, count);
        if (CudaRuntime.IsPresent)
            (_stream, _ready, _done) = (CudaRuntime.NewStream(), CudaRuntime.NewEvent(), CudaRuntime.NewEvent());
    }

    public int Rank { get; }

    public int Count { get; }

    /// <summary>Meets the other processes at rank 0's address and joins them.</summary>
    public static NcclRanks Join(RankPlace place, CancellationToken stop)
    {
        if (!NcclLibrary.IsPresent)
            throw new DllNotFoundException("libnccl.so.2 is not here: several GPUs need it. CUDA builds of libtorch and PyTorch bring it.");
        using var warm = zeros(1, device: CUDA); // NCCL takes the device that is current: make it so
        cuda.synchronize();
        return new(Rendezvous.Share(place, NcclLibrary.NewId, stop), place.Rank, place.Count);
    }

    public Tensor Gather(Tensor rows)
    {
        var all = empty([rows.shape[0] * Count, .. rows.shape[1..]], rows.dtype, rows.device);
        NcclLibrary.AllGather(_communicator, TensorMemory.Address(rows), TensorMemory.Address(all), rows.numel(), TypeOf(rows));
        return all;
    }

    public void Sum(Tensor tensor) => NcclLibrary.AllReduce(_communicator, TensorMemory.Address(tensor), tensor.numel(), TypeOf(tensor));

    public void SumBeside(Tensor tensor)
    {
        if (_stream == 0)
        {
            Sum(tensor);
            return;
        }
        CudaRuntime.Record(_ready, CudaRuntime.DefaultStream); // the gradients are there once the device comes so far
        CudaRuntime.Wait(_stream, _ready);
        NcclLibrary.AllReduce(_communicator, TensorMemory.Address(tensor), tensor.numel(), TypeOf(tensor), _stream);
        _isBeside = true;
    }

    public void Join()
    {
        if (!_isBeside)
            return;
        CudaRuntime.Record(_done, _stream);
        CudaRuntime.Wait(CudaRuntime.DefaultStream, _done);
        _isBeside = false;
    }

    public void Dispose()
    {
        cuda.synchronize();
        if (_stream != 0)
        {
            CudaRuntime.DropEvent(_ready);
            CudaRuntime.DropEvent(_done);
            CudaRuntime.DropStream(_stream);
        }
        NcclLibrary.Leave(_communicator);
    }

    private static NcclType TypeOf(Tensor tensor) => tensor.dtype switch
    {
        ScalarType.Float32 => NcclType.Float32,
        ScalarType.Float64 => NcclType.Float64,
        ScalarType.Float16 => NcclType.Float16,
        ScalarType.BFloat16 => NcclType.BFloat16,
        ScalarType.Int64 => NcclType.Int64,
        var type => throw new ArgumentException($"{type} is not exchanged between ranks.", nameof(tensor)),
    };
}
