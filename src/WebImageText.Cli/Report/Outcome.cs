namespace WebImageText.Cli.Report;

/// <summary>What an outcome has to do with; each has its colour on the page.</summary>
internal enum OutcomeFamily
{
    Kept,
    Copies,
    Text,
    Refused,
    Fetch,
    Picture,
}

/// <summary>How a page calls an outcome.</summary>
/// <param name="Word">The stored word, which is also its anchor.</param>
/// <param name="Name">For people.</param>
/// <param name="Meaning">One sentence.</param>
/// <param name="Family">What it has to do with.</param>
internal sealed record Outcome(string Word, string Name, string Meaning, OutcomeFamily Family)
{
    public static Outcome Kept { get; } = new("kept", "Kept", "Pictures that became pairs of the data set, with their captions.", OutcomeFamily.Kept);

    public static string NameOf(OutcomeFamily family) => family switch
    {
        OutcomeFamily.Kept => "Kept",
        OutcomeFamily.Copies => "Copies",
        OutcomeFamily.Text => "Unfit text",
        OutcomeFamily.Refused => "Refused by the site",
        OutcomeFamily.Fetch => "Not to be had",
        _ => "Unfit picture",
    };

    public static Outcome Of(DropReason reason)
    {
        var (name, meaning, family) = reason switch
        {
            DropReason.HttpError => ("HTTP error", "The server answered, but not with the picture.", OutcomeFamily.Fetch),
            DropReason.DnsError => ("Unknown host", "The host name did not resolve.", OutcomeFamily.Fetch),
            DropReason.ConnectError => ("Broken connection", "There was no connection, or it broke before the answer was whole.", OutcomeFamily.Fetch),
            DropReason.TlsError => ("Bad certificate", "The certificate or the handshake was refused.", OutcomeFamily.Fetch),
            DropReason.Timeout => ("Too slow", "The answer was not whole in the time that a fetch may take.", OutcomeFamily.Fetch),
            DropReason.TooLarge => ("Too large", "The answer had more bytes than one may have.", OutcomeFamily.Fetch),
            DropReason.PrivateAddress => ("Private address", "The address, or one that it redirects to, is not on the public web.", OutcomeFamily.Fetch),
            DropReason.RedirectLoop => ("Redirect loop", "Redirects that lead back, or too many of them.", OutcomeFamily.Fetch),
            DropReason.RobotsDisallowed => ("Refused by robots.txt", "The site asks crawlers to stay away: the picture was not fetched.", OutcomeFamily.Refused),
            DropReason.OptedOut => ("Opted out", "Page, answer or picture says that it is not to be used.", OutcomeFamily.Refused),
            DropReason.TakenDown => ("Taken down", "It was taken down, and stays out.", OutcomeFamily.Refused),
            DropReason.Blocked => ("Blocked", "A block list names its host, address or hash.", OutcomeFamily.Refused),
            DropReason.NotAnImage => ("Not a picture", "The bytes are of no image format that is read here.", OutcomeFamily.Picture),
            DropReason.Undecodable => ("Damaged", "Called a picture, but truncated, corrupt or none at all.", OutcomeFamily.Picture),
            DropReason.TooSmall => ("Too small", "The shorter side has too few pixels.", OutcomeFamily.Picture),
            DropReason.BadAspectRatio => ("Too long or too tall", "The longer side is too many times the shorter.", OutcomeFamily.Picture),
            DropReason.TooManyPixels => ("Too many pixels", "The header declares more pixels than are decoded.", OutcomeFamily.Picture),
            DropReason.Unsafe => ("Unsafe", "A safety score refuses it.", OutcomeFamily.Picture),
            DropReason.LowScore => ("Low score", "A quality score refuses it.", OutcomeFamily.Picture),
            DropReason.NoText => ("No text", "Nothing on the page says what the picture shows.", OutcomeFamily.Text),
            DropReason.TextTooShort => ("Text too short", "Too few words or characters to learn from.", OutcomeFamily.Text),
            DropReason.TextTooLong => ("Text too long", "More words or characters than asked for.", OutcomeFamily.Text),
            DropReason.Language => ("Another language", "The text is in another language than asked for.", OutcomeFamily.Text),
            DropReason.NoQuery => ("No query", "The text contains none of the queries.", OutcomeFamily.Text),
            DropReason.QueryFull => ("Query full", "Every query in the text has its full number of pairs.", OutcomeFamily.Text),
            DropReason.ExactDuplicate => ("Exact copy", "Another pair has the same bytes or the same pixels.", OutcomeFamily.Copies),
            DropReason.NearDuplicate => ("Near copy", "Another pair shows the same picture, changed a little.", OutcomeFamily.Copies),
            DropReason.NearDuplicateOfEvaluationImage =>
                ("Near an evaluation picture", "But for small changes it is one of an evaluation set, so it must stay out.", OutcomeFamily.Copies),
            DropReason.HashMismatch => ("Other bytes", "The picture is not the one whose hash the list names.", OutcomeFamily.Fetch),
            _ => (reason.Word(), "", OutcomeFamily.Picture),
        };
        return new(reason.Word(), name, meaning, family);
    }
}
