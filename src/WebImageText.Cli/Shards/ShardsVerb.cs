using System.CommandLine;

namespace WebImageText.Cli.Shards;

/// <summary><c>wit shards</c>: looks after finished data sets.</summary>
internal static class ShardsVerb
{
    public static Command Create() => new("shards", "Check, describe and change data sets")
    {
        VerifyVerb.Create(),
        StatsVerb.Create(),
        FilterVerb.Create(),
        TakedownVerb.Create(),
        RepackVerb.Create(),
        ExportShardsVerb.Create(),
        HeadVerb.Create(),
    };

    /// <summary>The data set that a verb works on.</summary>
    public static Argument<string> DataSet() => new("DIR")
    {
        Description = "Folder of the data set, the one that holds 'shards', or az://container/prefix",
    };
}
