namespace WebImageText.Tests.Support;

/// <summary>Programs that a test runs beside ours.</summary>
internal static class Tools
{
    /// <summary>The full path of a program; skips the test where the machine lacks it.</summary>
    public static string Require(string name)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (found is null)
            Assert.Skip($"'{name}' is not on this machine's PATH");
        return found;
    }
}
