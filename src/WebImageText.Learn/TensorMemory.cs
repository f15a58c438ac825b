using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace WebImageText.Learn;

/// <summary>Where a tensor's elements lie, for libraries beside libtorch.</summary>
internal static partial class TensorMemory
{
    /// <summary>Address of the first element, on the tensor's device.</summary>
    /// <exception cref="ArgumentException">The tensor is not contiguous.</exception>
    public static nint Address(Tensor tensor) => tensor.is_contiguous()
        ? Start(tensor)
        : throw new ArgumentException("The tensor is not contiguous.", nameof(tensor));

    /// <summary>Address of the first element, whatever the strides.</summary>
    public static nint Start(Tensor tensor)
    {
        var address = StorageAddress(tensor.Handle) + (nint)(tensor.storage_offset() * tensor.element_size());
        GC.KeepAlive(tensor);
        return address;
    }

    // TorchSharp's own call for it converts the tensor's type first.
    [LibraryImport("LibTorchSharp", EntryPoint = "THSStorage_data_ptr")]
    private static partial nint StorageAddress(nint tensor);
}
