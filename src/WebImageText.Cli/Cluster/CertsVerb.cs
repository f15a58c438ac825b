using System.CommandLine;
using WebImageText.Cli.Terminal;

namespace WebImageText.Cli.Cluster;

/// <summary><c>wit certs</c>: the certificates by which the nodes of a cluster know each other.</summary>
internal static class CertsVerb
{
    public static Command Create()
    {
        var output = new Option<DirectoryInfo>("--out")
        {
            Description = "Folder for the authority (ca.pem, ca.key), and one below it for each node (ca.pem, node.pem, node.key)",
            HelpName = "DIR",
            Required = true,
        };
        var nodes = new Option<string[]>("--node")
        {
            Description = "Host name or address of a node (repeatable)",
            HelpName = "HOST",
            Required = true,
        };
        var days = new Option<int>("--days") { Description = "Days for which they are valid", HelpName = "N", DefaultValueFactory = _ => 365 };
        var verb = new Command("certs", "Make an authority and a certificate for each node: mutual TLS for 'wit node --certs'") { output, nodes, days };
        verb.SetAction(parsed =>
        {
            var folder = Directory.CreateDirectory(parsed.GetRequiredValue(output).FullName).FullName;
            var authority = CertificateAuthority.OpenOrCreate(folder, TimeSpan.FromDays(parsed.GetValue(days)), TimeProvider.System);
            foreach (var node in parsed.GetRequiredValue(nodes))
                Screen.Note($"{node}: {authority.Issue(node, TimeSpan.FromDays(parsed.GetValue(days)), TimeProvider.System)}");
            Screen.Note($"Keep {Path.Combine(folder, "ca.key")} away from the nodes: whoever has it can join.");
            return ExitCode.Done;
        });
        return verb;
    }
}
