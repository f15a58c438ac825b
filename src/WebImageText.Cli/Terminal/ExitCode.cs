namespace WebImageText.Cli.Terminal;

/// <summary>What the program's end tells a script.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int BadData = 3;
    public const int StoppedEarly = 4;
}

/// <summary>
/// An error that the user can mend: what happened, in which input, what to do. It is printed without a stack trace.
/// </summary>
internal sealed class UserErrorException(int exitCode, string message) : Exception(message)
{
    /// <summary>One of <see cref="Terminal.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;

    public static UserErrorException Usage(string message) => new(Terminal.ExitCode.Usage, message);

    public static UserErrorException BadData(string message) => new(Terminal.ExitCode.BadData, message);
}
