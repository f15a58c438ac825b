namespace WebImageText.Crawl.OptOut;

/// <summary>Where a statement about the use of a page or an image stood.</summary>
public enum OptOutSource
{
    /// <summary>The <c>X-Robots-Tag</c> header, or a <c>meta http-equiv</c> of that name.</summary>
    XRobotsTag,
    /// <summary><c>meta name="robots"</c>, or one that names our token.</summary>
    MetaRobots,
    /// <summary>The rule of <c>/.well-known/tdmrep.json</c> that matches the address: its <c>tdm-reservation</c>.</summary>
    TdmFile,
    /// <summary>The <c>tdm-reservation</c> header.</summary>
    TdmHeader,
    /// <summary><c>meta name="tdm-reservation"</c>.</summary>
    TdmMeta,
    /// <summary>The <c>tdm-policy</c> beside a reservation: an offer, which is recorded and grants nothing.</summary>
    TdmPolicy,
    /// <summary><c>Content-Usage</c>, as a header or from robots.txt: an RFC 9651 dictionary.</summary>
    ContentUsage,
    /// <summary><c>Content-Signal</c> of robots.txt: <c>ai-train=no</c>.</summary>
    ContentSignal,
    /// <summary>The rule of <c>/ai.txt</c> that matches the address.</summary>
    AiTxt,
    /// <summary>Address of an RSL licence: a <c>Link</c> header, a <c>link</c> element, <c>License</c> in robots.txt.</summary>
    RslLink,
    /// <summary>What an RSL licence says about training with the address.</summary>
    Rsl,
    /// <summary><c>plus:DataMining</c> in the image's XMP.</summary>
    Xmp,
    /// <summary>A training and data mining assertion in the image's C2PA manifest.</summary>
    C2pa,
}

/// <summary>One statement about the use of a page or an image, as it stood.</summary>
/// <param name="Source">Where it stood.</param>
/// <param name="Value">Its value, not interpreted.</param>
public sealed record OptOutSignal(OptOutSource Source, string Value);
