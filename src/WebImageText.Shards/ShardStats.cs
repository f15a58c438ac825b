using System.Text.Json;
using WebImageText.Shards.Rows;

namespace WebImageText.Shards;

/// <summary>When the work on a shard began and ended.</summary>
/// <param name="Start">When its first pair was begun.</param>
/// <param name="End">When its last pair was done.</param>
public readonly record struct ShardTimes(DateTimeOffset Start, DateTimeOffset End);

/// <summary>
/// What <c>SHARD_stats.json</c> says, in img2dataset's fields. Only kept pairs are in a shard, so that all of it are successes;
/// what was refused stands in <c>rejected/</c>.
/// </summary>
/// <param name="Count">Rows of the parquet.</param>
/// <param name="Successes">Samples of the tar.</param>
/// <param name="Times">When it was made.</param>
public sealed record ShardStats(long Count, long Successes, ShardTimes Times)
{
    /// <summary>The file's content: <c>json.dumps(stats, indent=4)</c>.</summary>
    public byte[] ToJson()
    {
        using var bytes = new MemoryStream();
        using (var json = PythonJson.Writer(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("count", Count);
            json.WriteNumber("successes", Successes);
            json.WriteNumber("failed_to_download", 0);
            json.WriteNumber("failed_to_resize", Count - Successes);
            WriteSeconds("duration", (Times.End - Times.Start).TotalSeconds);
            WriteSeconds("start_time", (Times.Start - DateTimeOffset.UnixEpoch).TotalSeconds);
            WriteSeconds("end_time", (Times.End - DateTimeOffset.UnixEpoch).TotalSeconds);
            json.WriteStartObject("status_dict");
            json.WriteNumber("success", Successes);
            json.WriteEndObject();
            json.WriteEndObject();

            void WriteSeconds(string name, double seconds)
            {
                json.WritePropertyName(name);
                PythonJson.WriteNumber(json, Math.Round(seconds, 6));
            }
        }
        return bytes.ToArray();
    }

    /// <summary>Reads the file of any writer of that form.</summary>
    /// <exception cref="ShardFormatException">It is not of that form.</exception>
    public static ShardStats Parse(ReadOnlyMemory<byte> json, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            var root = document.RootElement;
            return new(
                root.GetProperty("count").GetInt64(), root.GetProperty("successes").GetInt64(), new(Moment("start_time"), Moment("end_time")));

            DateTimeOffset Moment(string name) => root.TryGetProperty(name, out var seconds)
                ? DateTimeOffset.UnixEpoch.AddSeconds(seconds.GetDouble())
                : DateTimeOffset.UnixEpoch;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException or KeyNotFoundException
                                           or ArgumentOutOfRangeException)
        {
            throw new ShardFormatException(file, $"these are no shard statistics: {broken.Message}", broken);
        }
    }
}
