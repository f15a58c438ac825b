using WebImageText.Curate.Pixels;
using WebImageText.Tests.Runs;

namespace WebImageText.Tests.Dedup;

/// <summary><c>wit dedup shards</c> on a data set of real photographs, some of which are there twice.</summary>
[Collection(OneAtATime.Name)]
public sealed class DedupShardsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wit-dedup").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Copies_are_grouped_by_what_shows_them_and_one_of_each_stays()
    {
        var photos = RealPhotos.Take(60).Select(photo => photo.Jpeg).ToArray();
        byte[] Edited(int photo, string edit) => CopyEdits.Of(photos[photo]).Single(copy => copy.Edit == edit).Jpeg;
        // The first photo's bytes twice, the second's and third's look again.
        var uids = await RealPhotos.WriteDataSetAsync(Path.Combine(_folder, "data"),
            [.. photos, photos[0], Edited(1, "jpeg_50"), Edited(2, "half_size")], TestContext.Current.CancellationToken);
        var list = Path.Combine(_folder, "copies.csv");

        var found = await WitProcess.JsonAsync(0, "dedup", "shards", Path.Combine(_folder, "data"), "--out", list);

        Assert.Equal((63, 3, 3), (found.GetProperty("pictures").GetInt32(), found.GetProperty("groups").GetInt32(), found.GetProperty("spare").GetInt32()));
        Assert.Equal(1, found.GetProperty("evidence").GetProperty("bytes").GetInt32());
        Assert.Equal(2, found.GetProperty("evidence").GetProperty("look").GetInt32());
        var members = File.ReadLines(list).Skip(1).Select(line => line.Split(',')).GroupBy(fields => fields[0])
            .Select(group => (Keeps: group.Single(fields => fields[4] == "1")[1], All: group.Select(fields => fields[1]).ToHashSet())).ToArray();
        Assert.Contains(members, group => group.Keeps == uids[2] && group.All.SetEquals([uids[2], uids[62]])); // the larger one stays
        Assert.Contains(members, group => group.All.SetEquals([uids[0], uids[60]]));
        Assert.Contains(members, group => group.All.SetEquals([uids[1], uids[61]]));

        // PDQ as descriptors, with a threshold of its own: the same pairs by another way.
        var again = await WitProcess.JsonAsync(0, "dedup", "shards", Path.Combine(_folder, "data"), "--model", "pdq", "--threshold", "0.76");
        Assert.Equal(3, again.GetProperty("groups").GetInt32());
    }

    [Fact]
    public async Task A_folder_without_shards_and_a_file_of_NaN_are_refused()
    {
        Assert.Equal(3, (await WitProcess.RunAsync("dedup", "shards", _folder)).Code);
        RealPhotos.WriteFolder(Path.Combine(_folder, "set"), RealPhotos.Take(2));
        var index = Path.Combine(_folder, "index");
        await WitProcess.JsonAsync(0, "dedup", "index", "--eval-set", $"photos={Path.Combine(_folder, "set")}", "--out", index, "--model", "pdq");
        var bad = Path.Combine(_folder, "bad.f32");
        await File.WriteAllBytesAsync(bad, [.. Enumerable.Repeat(float.NaN, 256).SelectMany(BitConverter.GetBytes)], TestContext.Current.CancellationToken);

        var (code, _, errors) = await WitProcess.RunAsync("dedup", "scan", bad, "--index", index);

        Assert.Equal(3, code);
        Assert.Contains("row 0", errors, StringComparison.Ordinal);
        Assert.Contains("not finite", errors, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(bad, new byte[100], TestContext.Current.CancellationToken);
        Assert.Contains("256", (await WitProcess.RunAsync("dedup", "scan", bad, "--index", index)).Errors, StringComparison.Ordinal);
    }
}
