using System.Buffers.Binary;

namespace WebImageText.Crawl.Queries.Bzip2;

/// <summary>bzip2's CRC-32: the polynomial of Ethernet, most significant bit first.</summary>
internal static class Bzip2Checksum
{
    private static readonly uint[][] Tables = MakeTables();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var (t0, t1, t2, t3) = (Tables[0], Tables[1], Tables[2], Tables[3]);
        for (; bytes.Length >= 4; bytes = bytes[4..])
        {
            crc ^= BinaryPrimitives.ReadUInt32BigEndian(bytes);
            crc = t3[crc >> 24] ^ t2[crc >> 16 & 0xFF] ^ t1[crc >> 8 & 0xFF] ^ t0[crc & 0xFF];
        }
        foreach (var b in bytes)
            crc = crc << 8 ^ t0[(crc >> 24) ^ b];
        return ~crc;
    }

    private static uint[][] MakeTables()
    {
        uint[][] tables = [new uint[256], new uint[256], new uint[256], new uint[256]];
        for (var at = 0u; at < 256; at++)
        {
            var crc = at << 24;
            for (var bit = 0; bit < 8; bit++)
                crc = crc << 1 ^ ((crc & 0x80000000) != 0 ? 0x04C11DB7u : 0);
            tables[0][at] = crc;
        }
        for (var table = 1; table < 4; table++)
        {
            for (var at = 0; at < 256; at++)
                tables[table][at] = tables[table - 1][at] << 8 ^ tables[0][tables[table - 1][at] >> 24];
        }
        return tables;
    }
}
