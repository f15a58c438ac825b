using System.IO.Compression;
using WebImageText.Crawl.Queries.Bzip2;

namespace WebImageText.Crawl.Queries.Wikipedia;

/// <summary>Opens a file as it comes from a download: plain, .gz, .bz2 or .zst, told by its first bytes.</summary>
internal static class DumpFile
{
    /// <param name="path">The file.</param>
    /// <param name="threads">bzip2 blocks that are decoded at once.</param>
    /// <param name="progress">Receives the bytes of the file that are read so far.</param>
    public static Stream Open(string path, int threads, Action<long>? progress = null)
    {
        var file = new CountingStream(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16), progress);
        Span<byte> magic = stackalloc byte[4];
        var length = file.ReadAtLeast(magic, 4, throwOnEndOfStream: false);
        file.Restart();
        return magic[..length] switch
        {
            [0x1F, 0x8B, ..] => new GZipStream(file, CompressionMode.Decompress),
            [(byte)'B', (byte)'Z', (byte)'h', ..] => new Bzip2Stream(file, threads),
            [0x28, 0xB5, 0x2F, 0xFD] => new ZstdSharp.DecompressionStream(file, leaveOpen: false),
            _ => file,
        };
    }

    private sealed class CountingStream(FileStream file, Action<long>? progress) : Stream
    {
        private long _count;

        public void Restart()
        {
            file.Position = 0;
            _count = 0;
        }

        public override int Read(Span<byte> buffer) => Count(file.Read(buffer));

        public override int Read(byte[] buffer, int offset, int count) => Count(file.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Count(await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

        private int Count(int read)
        {
            progress?.Invoke(_count += read);
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                file.Dispose();
            base.Dispose(disposing);
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => file.Length;
        public override long Position { get => _count; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
