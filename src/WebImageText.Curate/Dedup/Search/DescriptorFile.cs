using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace WebImageText.Curate.Dedup.Search;

/// <summary>How the numbers of a descriptor file are stored.</summary>
public enum DescriptorElement
{
    /// <summary>32-bit floats.</summary>
    Bits32 = 1,
    /// <summary>16-bit floats: a score moves by less than 0.001.</summary>
    Bits16 = 2,
}

/// <summary>
/// Descriptors in a file that is mapped into memory, not read: a header of 4,096 bytes, the rows, then UTF-8 notes (JSON) about
/// them. Or a bare file of little-endian 32-bit floats, which says neither its dimension nor its model.
/// </summary>
/// <remarks>
/// Header, little-endian: <c>WITDESC\n</c>, int32 version, int32 element, int32 dimension, int32 0, int64 rows, 32 bytes of the
/// model's hash, int64 offset and int64 length of the notes, then zeros.
/// </remarks>
public sealed unsafe class DescriptorFile : DescriptorRows, IDisposable
{
    /// <summary>The version that is written and read here.</summary>
    public const int CurrentVersion = 1;

    internal const int HeaderLength = 4096;
    internal static ReadOnlySpan<byte> Magic => "WITDESC\n"u8;

    private const int WidestRow = 1 << 16;
    private const long LongestNotes = int.MaxValue / 2;

    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte* _bytes;
    private readonly long _offset;

    private DescriptorFile(string path, string model, DescriptorElement element, int dimension, long count, long offset)
    {
        (Name, Model, Element, Dimension, Count, _offset) = (path, model, element, dimension, count, offset);
        if (count == 0)
            return; // an empty file cannot be mapped
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
        _bytes += _view.PointerOffset;
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string Model { get; }

    /// <inheritdoc/>
    public override int Dimension { get; }

    /// <inheritdoc/>
    public override long Count { get; }

    /// <summary>How the numbers are stored.</summary>
    public DescriptorElement Element { get; }

    /// <summary>What the file says of its rows: JSON, or empty.</summary>
    public ReadOnlyMemory<byte> Notes { get; private init; }

    /// <summary>Opens a file with a header.</summary>
    /// <exception cref="InvalidDataException">It is none, of a later version, or cut off.</exception>
    public static DescriptorFile Open(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[80];
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || !header.StartsWith(Magic))
            throw new InvalidDataException($"'{path}' is no descriptor file: it does not begin with WITDESC.");
        var version = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        if (version != CurrentVersion)
            throw new InvalidDataException($"'{path}' is a descriptor file of version {version}; this program reads {CurrentVersion}.");
        var element = (DescriptorElement)BinaryPrimitives.ReadInt32LittleEndian(header[12..]);
        var dimension = BinaryPrimitives.ReadInt32LittleEndian(header[16..]);
        var rows = BinaryPrimitives.ReadInt64LittleEndian(header[24..]);
        var notesAt = BinaryPrimitives.ReadInt64LittleEndian(header[64..]);
        var notesLength = BinaryPrimitives.ReadInt64LittleEndian(header[72..]);
        if (!Enum.IsDefined(element) || dimension is < 1 or > WidestRow || rows < 0 || rows > long.MaxValue / WidestRow / 8
            || notesAt != HeaderLength + rows * dimension * SizeOf(element) || notesLength is < 0 or > LongestNotes || file.Length != notesAt + notesLength)
            throw new InvalidDataException($"'{path}' is damaged: its header says {rows} rows of {dimension} numbers and {notesLength} bytes of notes, "
                + $"which are not the {file.Length} bytes that it has. Make it again.");
        var notes = new byte[notesLength];
        file.Position = notesAt;
        file.ReadExactly(notes);
        return new(path, Convert.ToHexStringLower(header.Slice(32, 32)), element, dimension, rows, HeaderLength) { Notes = notes };
    }

    /// <summary>Opens a bare file of 32-bit floats.</summary>
    /// <param name="path">Little-endian rows without a header, as <c>wit detector embed</c> writes them.</param>
    /// <param name="dimension">Numbers in a row.</param>
    /// <param name="model">The model that made them, where it is known; else empty.</param>
    /// <exception cref="InvalidDataException">The length is no multiple of a row.</exception>
    public static DescriptorFile OpenBare(string path, int dimension, string model = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        var length = new FileInfo(path).Length;
        var row = dimension * sizeof(float);
        return length % row == 0
            ? new(path, model, DescriptorElement.Bits32, dimension, length / row, 0)
            : throw new InvalidDataException($"'{path}' has {length} bytes, which are no whole rows of {dimension} 32-bit floats: is the dimension right?");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_bytes is not null)
            _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _file?.Dispose();
    }

    internal static int SizeOf(DescriptorElement element) => element == DescriptorElement.Bits16 ? 2 : 4;

    private protected override void Copy(long first, Span<float> rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first * Dimension + rows.Length, Count * Dimension);
        if (rows.Length == 0)
            return;
        var from = _bytes + _offset + first * Dimension * SizeOf(Element);
        if (Element == DescriptorElement.Bits16)
            TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>(from, rows.Length), rows);
        else
            new ReadOnlySpan<float>(from, rows.Length).CopyTo(rows);
    }
}

/// <summary>Writes a <see cref="DescriptorFile"/>, row after row; it stands under its name only when it is whole.</summary>
public sealed class DescriptorWriter : IDisposable
{
    private readonly string _path;
    private readonly string _model;
    private readonly int _dimension;
    private readonly DescriptorElement _element;
    private readonly FileStream _file;
    private long _rows;

    /// <summary>Begins a file; <see cref="Finish"/> ends it.</summary>
    /// <param name="path">Where it will stand.</param>
    /// <param name="model">Hash of the model: 64 hexadecimal digits.</param>
    /// <param name="dimension">Numbers in a row.</param>
    /// <param name="element">How they are stored.</param>
    public DescriptorWriter(string path, string model, int dimension, DescriptorElement element = DescriptorElement.Bits32)
    {
        if (model.Length != 64 || !model.All(char.IsAsciiHexDigit))
            throw new ArgumentException($"'{model}' is no hash of a model: 64 hexadecimal digits are needed.", nameof(model));
        (_path, _model, _dimension, _element) = (path, model, dimension, element);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        _file = new FileStream(path + ".tmp", FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        _file.Write(new byte[DescriptorFile.HeaderLength]);
    }

    /// <summary>Adds rows of length 1.</summary>
    /// <exception cref="InvalidDataException">A row is not finite, or not of length 1.</exception>
    public void Add(ReadOnlySpan<float> rows)
    {
        DescriptorRows.Check(rows, _dimension, _rows, _path);
        if (_element == DescriptorElement.Bits16)
        {
            var half = new Half[rows.Length];
            TensorPrimitives.ConvertToHalf(rows, half);
            _file.Write(MemoryMarshal.AsBytes(half.AsSpan()));
        }
        else
        {
            _file.Write(MemoryMarshal.AsBytes(rows));
        }
        _rows += rows.Length / _dimension;
    }

    /// <summary>Adds the notes, then makes the file visible.</summary>
    /// <param name="notes">JSON about the rows, or empty.</param>
    public void Finish(ReadOnlySpan<byte> notes = default)
    {
        var notesAt = _file.Position;
        _file.Write(notes);
        Span<byte> header = stackalloc byte[80];
        header.Clear();
        DescriptorFile.Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], DescriptorFile.CurrentVersion);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], (int)_element);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], _dimension);
        BinaryPrimitives.WriteInt64LittleEndian(header[24..], _rows);
        Convert.FromHexString(_model).CopyTo(header[32..]);
        BinaryPrimitives.WriteInt64LittleEndian(header[64..], notesAt);
        BinaryPrimitives.WriteInt64LittleEndian(header[72..], notes.Length);
        _file.Position = 0;
        _file.Write(header);
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        File.Move(_path + ".tmp", _path, overwrite: true);
    }

    /// <summary>Leaves nothing behind of a file that was not finished.</summary>
    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_path + ".tmp");
    }
}
