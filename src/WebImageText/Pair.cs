namespace WebImageText;

/// <summary>What the server said when it gave the image.</summary>
/// <param name="FinalUrl">Address after redirects.</param>
/// <param name="At">When the answer came, UTC.</param>
/// <param name="Status">HTTP status code.</param>
/// <param name="ContentType">As declared by the server.</param>
/// <param name="ETag">As sent, quotes and all.</param>
/// <param name="Robots">The opt-out signals that were read and allow the use, as they stood; null when there were none.</param>
public sealed record FetchFacts(
    string FinalUrl, DateTimeOffset At, int Status, string? ContentType = null, string? ETag = null, string? Robots = null);

/// <summary>What decoding told about an image.</summary>
/// <param name="Width">Of the stored image, pixels.</param>
/// <param name="Height">Of the stored image, pixels.</param>
/// <param name="OriginalWidth">Of the image as served, after EXIF orientation, pixels.</param>
/// <param name="OriginalHeight">Of the image as served, after EXIF orientation, pixels.</param>
/// <param name="Sha256">Of the bytes as served: 64 hexadecimal digits.</param>
/// <param name="StoredSha256">Of the bytes in the shard.</param>
/// <param name="PixelHash">Of the stored pixels: equal for copies that differ in encoding or metadata only.</param>
/// <param name="Pdq">Perceptual hash of the image as served.</param>
/// <param name="PdqQuality">0-100; below <see cref="PdqHash.LeastQuality"/> the hash says nothing.</param>
/// <param name="Exif">EXIF fields as one JSON object, or null.</param>
/// <param name="Descriptor">The detector's descriptor of the stored image as a data set keeps it; null where no detector ran.</param>
/// <param name="Scores">What models said of it, as one JSON object of name and number, or null.</param>
public sealed record PictureFacts(
    int Width, int Height, int OriginalWidth, int OriginalHeight, string Sha256, string StoredSha256, UInt128 PixelHash,
    PdqHash Pdq, int PdqQuality, string? Exif = null, byte[]? Descriptor = null, string? Scores = null);

/// <summary>The evaluation image that a picture resembles most.</summary>
/// <param name="Nearest"><c>SET/FILE</c> of the evaluation image.</param>
/// <param name="Score">Likeness, 0-1: for PDQ the share of equal bits.</param>
public sealed record EvaluationMatch(string Nearest, float Score);

/// <summary>An image-text pair of the data set: everything that its row, its JSON and its members are made from.</summary>
/// <param name="Uid">Its stable name.</param>
/// <param name="Candidate">Where image and texts were found.</param>
/// <param name="Match">The queries in the caption; null only where any text is kept.</param>
/// <param name="Fetch">What the server said.</param>
/// <param name="Picture">What decoding told.</param>
/// <param name="Evaluation">The nearest evaluation image; null when no evaluation set was given.</param>
/// <param name="Image">The stored image: encoded bytes.</param>
public sealed record Pair(
    PairUid Uid, Candidate Candidate, QueryMatch? Match, FetchFacts Fetch, PictureFacts Picture, EvaluationMatch? Evaluation,
    ReadOnlyMemory<byte> Image);

/// <summary>A candidate that is not in the data set, and why.</summary>
/// <param name="Uid">Its stable name.</param>
/// <param name="Candidate">Where image and texts were found.</param>
/// <param name="Match">The queries in the caption, if it came that far.</param>
/// <param name="Drop">The reason.</param>
/// <param name="At">When it was dropped, UTC.</param>
/// <param name="Fetch">What the server said, if it was asked.</param>
/// <param name="Picture">What decoding told, if it came that far.</param>
/// <param name="Evaluation">The nearest evaluation image, if it came that far.</param>
public sealed record Rejection(
    PairUid Uid, Candidate Candidate, QueryMatch? Match, Drop Drop, DateTimeOffset At, FetchFacts? Fetch = null,
    PictureFacts? Picture = null, EvaluationMatch? Evaluation = null);
