namespace WebImageText.Crawl.Addresses;

/// <summary>What may be fetched besides the public web. Nothing by default.</summary>
public sealed class AddressOptions
{
    /// <summary>TCP ports that are fetched from besides 80 and 443; 1-65535. Default none.</summary>
    public IList<int> Ports { get; set; } = [];

    /// <summary>
    /// Networks that count as public, in CIDR notation: <c>10.1.0.0/16</c>, <c>fd00::/8</c>. An address of such a network that
    /// stands in a link may have any port. Default none.
    /// </summary>
    public IList<string> AllowedNetworks { get; set; } = [];

    /// <summary>Hosts with their port that are fetched from wherever they are: <c>localhost:8080</c>. Default none.</summary>
    public IList<string> AllowedAuthorities { get; set; } = [];

    /// <summary>
    /// Names that count as public although no registry has them, <c>*</c> for any characters: those that a test or a mirror
    /// gives an address itself, as <c>*.example</c>. Default none.
    /// </summary>
    public IList<string> AllowedNames { get; set; } = [];

    /// <summary>Longest address that is fetched, in characters; 100-65,536. Default 4,096.</summary>
    public int MaxLength { get; set; } = 4096;
}
