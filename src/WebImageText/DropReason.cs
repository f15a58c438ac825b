namespace WebImageText;

/// <summary>Why a candidate did not become a pair of the data set.</summary>
/// <remarks>
/// The numbers are stored in run reports: append, never renumber. The words that stand in parquet, logs, metrics and pages
/// are <see cref="DropReasons.Word"/>.
/// </remarks>
public enum DropReason
{
    /// <summary>The server answered, but not with the image; the detail holds the status code.</summary>
    HttpError = 1,
    /// <summary>The host name did not resolve.</summary>
    DnsError = 2,
    /// <summary>No connection, or it broke before the answer was whole.</summary>
    ConnectError = 3,
    /// <summary>The certificate or the handshake was refused.</summary>
    TlsError = 4,
    /// <summary>The answer was not whole within the time that one fetch may take.</summary>
    Timeout = 5,
    /// <summary>More bytes than one answer may have, on the wire or after decoding.</summary>
    TooLarge = 6,
    /// <summary>The address, or one that it redirects to, is not on the public web.</summary>
    PrivateAddress = 7,
    /// <summary>Redirects that lead back, or more of them than a fetch follows.</summary>
    RedirectLoop = 8,
    /// <summary>robots.txt of the image's or the page's host refuses it (RFC 9309), or could not be read.</summary>
    RobotsDisallowed = 9,
    /// <summary>Page, answer or image says that it is not to be used.</summary>
    OptedOut = 10,
    /// <summary>The bytes are of no image format that is decoded here, and the server did not call them one.</summary>
    NotAnImage = 11,
    /// <summary>An image format, but truncated or corrupt; or declared an image, and none at all.</summary>
    Undecodable = 12,
    /// <summary>The shorter side has fewer pixels than asked for.</summary>
    TooSmall = 13,
    /// <summary>The longer side is too many times the shorter.</summary>
    BadAspectRatio = 14,
    /// <summary>The header declares more pixels than are decoded.</summary>
    TooManyPixels = 15,
    /// <summary>Nothing on the page says what the image shows.</summary>
    NoText = 16,
    /// <summary>Fewer words or characters than asked for.</summary>
    TextTooShort = 17,
    /// <summary>More words or characters than asked for.</summary>
    TextTooLong = 18,
    /// <summary>The text is in another language than asked for.</summary>
    Language = 19,
    /// <summary>A safety score refuses it.</summary>
    Unsafe = 20,
    /// <summary>A quality score refuses it.</summary>
    LowScore = 21,
    /// <summary>A block list names its host, address or hash.</summary>
    Blocked = 22,
    /// <summary>The text contains none of the queries.</summary>
    NoQuery = 23,
    /// <summary>Every query that the text contains has its full number of pairs.</summary>
    QueryFull = 24,
    /// <summary>Another pair has the same bytes or the same pixels.</summary>
    ExactDuplicate = 25,
    /// <summary>Another pair shows the same picture, changed a little.</summary>
    NearDuplicate = 26,
    /// <summary>The picture is, but for small changes, one of an evaluation set.</summary>
    NearDuplicateOfEvaluationImage = 27,
    /// <summary>It was taken down, and stays out.</summary>
    TakenDown = 28,
    /// <summary>The bytes are not those whose hash the list of addresses gives.</summary>
    HashMismatch = 29,
}

/// <summary>The words under which drop reasons are stored and shown.</summary>
public static class DropReasons
{
    private static readonly DropReason[] Values = Enum.GetValues<DropReason>();

    private static readonly string[] Words = [.. Values.Select(reason => SnakeCase.Of(reason.ToString()))];

    /// <summary>Every reason, in the order of the numbers.</summary>
    public static IReadOnlyList<DropReason> All => Values;

    /// <summary>The stored word, for example <c>near_duplicate_of_evaluation_image</c>.</summary>
    public static string Word(this DropReason reason) => Words[Array.IndexOf(Values, reason)];

    /// <summary>The reason of a stored word.</summary>
    /// <exception cref="FormatException">No reason has that word.</exception>
    public static DropReason Parse(string word) => Array.IndexOf(Words, word) is >= 0 and var at
        ? Values[at]
        : throw new FormatException($"'{word}' is no drop reason. Known: {string.Join(", ", Words)}.");
}
