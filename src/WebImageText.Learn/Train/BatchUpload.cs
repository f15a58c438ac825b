using TorchSharp;
using WebImageText.Learn.Train.Cuda;
using WebImageText.Learn.Train.Nccl;
using static TorchSharp.torch;

namespace WebImageText.Learn.Train;

/// <summary>
/// Brings batches to the device. On CUDA pictures travel on a stream of their own, into one of two buffers, while the device still
/// computes the batch before; captions are small and go with the rest.
/// </summary>
/// <param name="device">Where to.</param>
/// <param name="part">Pairs that are computed at a time; 0 for all.</param>
/// <param name="isGrouped">Captions are grouped by length where it saves work.</param>
internal sealed class BatchUpload(Device device, int part, bool isGrouped = true) : IDisposable
{
    private readonly Slot[] _slots = [new(), new()];
    private nint _stream;
    private int _turn;

    /// <summary>A batch in parts, on the device.</summary>
    /// <param name="pixels">uint8 [n, side, side, 3], pinned where the device is CUDA; to be left alone until the step's figures are read.</param>
    /// <param name="tokens">int64 [n, context], on the CPU.</param>
    /// <param name="lengths">Tokens of each caption.</param>
    public IReadOnlyList<TrainPart> Take(Tensor pixels, Tensor tokens, ReadOnlySpan<int> lengths)
    {
        var there = Pixels(pixels);
        var (rows, size) = ((int)pixels.shape[0], part > 0 ? part : (int)pixels.shape[0]);
        var parts = new List<TrainPart>();
        for (var first = 0; first < rows; first += size)
        {
            var count = Math.Min(size, rows - first);
            parts.Add(Part(there.narrow(0, first, count), tokens.narrow(0, first, count), lengths.Slice(first, count)));
        }
        return parts;
    }

    /// <summary>To be called once the step with the last batch is under way: its buffer is free after it.</summary>
    public void Used()
    {
        if (_stream != 0)
            CudaRuntime.Record(_slots[_turn].Free, CudaRuntime.DefaultStream);
        _turn = 1 - _turn;
    }

    public void Dispose()
    {
        if (_stream == 0)
            return;
        cuda.synchronize();
        foreach (var slot in _slots)
            slot.Drop();
        CudaRuntime.DropStream(_stream);
    }

    private TrainPart Part(Tensor pixels, Tensor tokens, ReadOnlySpan<int> lengths)
    {
        var longest = 1;
        foreach (var length in lengths)
            longest = Math.Max(longest, length);
        if (!isGrouped || TrainPart.Grouped(lengths) is not ({ } order, { Count: > 1 } groups))
            return TrainPart.Of(pixels, Sent(tokens.narrow(1, 0, longest).contiguous()));
        var places = new long[order.Length];
        for (var at = 0; at < order.Length; at++)
            places[order[at]] = at;
        var sorted = Sent(tokens.narrow(1, 0, longest).index_select(0, tensor(order).to(ScalarType.Int64)));
        var texts = new List<Tensor>();
        var first = 0;
        foreach (var (rows, length) in groups)
        {
            texts.Add(sorted.narrow(0, first, rows).narrow(1, 0, length));
            first += rows;
        }
        return new(pixels, texts, Sent(tensor(places)));
    }

    private Tensor Sent(Tensor small) => device.type == DeviceType.CUDA ? small.pin_memory().to(device, non_blocking: true) : small;

    private Tensor Pixels(Tensor pixels)
    {
        if (device.type != DeviceType.CUDA || !CudaRuntime.IsPresent)
            return pixels.to(device, non_blocking: true);
        if (_stream == 0)
            _stream = CudaRuntime.NewStream();
        var slot = _slots[_turn];
        slot.Fit(pixels, device);
        CudaRuntime.Wait(_stream, slot.Free);
        CudaRuntime.Upload(TensorMemory.Address(slot.Buffer!), TensorMemory.Address(pixels), pixels.numel(), _stream);
        CudaRuntime.Record(slot.Full, _stream);
        CudaRuntime.Wait(CudaRuntime.DefaultStream, slot.Full);
        return slot.Buffer!.alias();
    }

    private sealed class Slot
    {
        public Tensor? Buffer { get; private set; }

        /// <summary>Set when the copy is done.</summary>
        public nint Full { get; private set; }

        /// <summary>Set when the step that reads it is done.</summary>
        public nint Free { get; private set; }

        public void Fit(Tensor pixels, Device device)
        {
            if (Full == 0)
                (Full, Free) = (CudaRuntime.NewEvent(), CudaRuntime.NewEvent());
            if (Buffer is not null && Buffer.shape.SequenceEqual(pixels.shape))
                return;
            Buffer?.Dispose();
            Buffer = empty_like(pixels, device: device).DetachFromDisposeScope();
            CudaRuntime.Record(Free, CudaRuntime.DefaultStream); // what had this memory before may still be at work
        }

        public void Drop()
        {
            Buffer?.Dispose();
            if (Full == 0)
                return;
            CudaRuntime.DropEvent(Full);
            CudaRuntime.DropEvent(Free);
        }
    }
}
