namespace WebImageText.Tests.Support;

/// <summary>
/// Real data and right answers that stand beside the project, in <c>../shared</c> or where <c>WIT_SHARED</c> points.
/// They are not part of it: a test that needs one is skipped, with the reason, where it is missing.
/// </summary>
internal static class SharedData
{
    /// <summary>The full path of a file or folder there; skips the test when it is not there.</summary>
    public static string Require(string path)
    {
        var found = Roots().Select(root => Path.Combine(root, path)).FirstOrDefault(Path.Exists);
        if (found is null)
            Assert.Skip($"shared data '{path}' is not here: put the folder beside the checkout, or name it in WIT_SHARED");
        return found;
    }

    private static IEnumerable<string> Roots()
    {
        if (Environment.GetEnvironmentVariable("WIT_SHARED") is { Length: > 0 } named)
            yield return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            yield return Path.Combine(folder.FullName, "shared");
    }
}
