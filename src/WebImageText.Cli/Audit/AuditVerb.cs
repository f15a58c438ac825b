using System.CommandLine;

namespace WebImageText.Cli.Audit;

/// <summary><c>wit audit</c>: what training and evaluation data have in common.</summary>
internal static class AuditVerb
{
    public static Command Create() => new("audit", "Find evaluation images in training data, and what they do to the numbers")
    {
        OverlapVerb.Create(),
        LeaksVerb.Create(),
    };
}
