using System.CommandLine;
using System.Globalization;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Filter;
using WebImageText.Curate.Filter.Scores;
using WebImageText.Curate.Pixels;
using WebImageText.Learn.Text;

namespace WebImageText.Cli.Run;

/// <summary>The options that say which texts and images are kept: of <c>wit run</c> and of <c>wit shards filter</c>.</summary>
internal sealed class FilterOptions
{
    private readonly Option<string> _recipe = new Option<string>("--recipe")
    {
        Description = "Whose limits hold where no option says otherwise: datacomp (en, 3 words, 6 characters, side 200 px, aspect 3), "
            + "laion (5 characters, 5,000 bytes), coyo (en, 3-256 words, 6-1,000 characters, 10 repeats, 5,000 bytes, side 200 px, aspect 3), none",
        HelpName = "NAME",
        DefaultValueFactory = _ => "datacomp",
    }.AcceptOnlyFromAmong([.. FilterRecipe.All.Keys]);

    private readonly Option<string[]> _languages = new("--language")
    {
        Description = "Language of captions that are kept, ISO 639-1 (repeatable); 'any' keeps all",
        HelpName = "CODE",
    };

    private readonly Option<int?> _minWords = Number("--min-words", "Least words of a caption");
    private readonly Option<int?> _maxWords = Number("--max-words", "Most words of a caption");
    private readonly Option<int?> _minCharacters = Number("--min-characters", "Least characters of a caption");
    private readonly Option<int?> _maxCharacters = Number("--max-characters", "Most characters of a caption");
    private readonly Option<bool> _keepFileNames = new("--keep-file-names") { Description = "Keep captions that are names of files, such as IMG_2041.JPG" };
    private readonly Option<bool> _keepBoilerplate = new("--keep-boilerplate") { Description = "Keep captions that page builders write, such as 'click to enlarge'" };
    private readonly Option<int?> _minBytes = Number("--min-bytes", "Least bytes of an image as served");
    private readonly Option<int?> _minSide = Number("--min-image-size", "Least shorter side of an image as served, pixels");

    private readonly Option<double?> _maxAspect = new("--max-aspect-ratio")
    {
        Description = "Greatest ratio of the longer to the shorter side",
        HelpName = "X",
    };

    private readonly Option<int> _maxArea = new("--max-image-area")
    {
        Description = "Most pixels that an image may declare; more are refused from the header",
        HelpName = "N",
        DefaultValueFactory = _ => new ImageOptions().MaxPixels,
    };

    private readonly Option<FileInfo[]> _blocks = new Option<FileInfo[]>("--block-list")
    {
        Description = "Never keep what this file lists (repeatable): lines 'host NAME', 'address URL', 'sha256 DIGITS', 'pdq DIGITS [BITS]'",
        HelpName = "F",
    }.AcceptExistingOnly();

    private readonly Option<string[]> _scores = new("--score")
    {
        Description = "Keep what this model scores within its limits (repeatable): F.onnx with F.json beside it, or F.onnx,least=X,most=Y; "
            + "nsfw at most 0.5, watermark at most 0.8, aesthetic at least 5, clip at least 0.28 unless said otherwise",
        HelpName = "F",
    };

    /// <summary>In the order of the help.</summary>
    public IEnumerable<Option> All =>
    [
        _recipe, _languages, _minWords, _maxWords, _minCharacters, _maxCharacters, _keepFileNames, _keepBoilerplate,
        _minBytes, _minSide, _maxAspect, _maxArea, _blocks, _scores,
    ];

    /// <summary>Pairs that may have one caption; null for any number.</summary>
    public int? MaxRepeats(ParseResult parsed) => Recipe(parsed).MaxRepeats;

    /// <summary>Which captions are kept.</summary>
    public TextOptions Text(ParseResult parsed)
    {
        var recipe = Recipe(parsed);
        return new()
        {
            Languages = parsed.GetValue(_languages) switch
            {
                null or [] => recipe.Languages,
                var codes when codes.Contains("any") => [],
                var codes => codes,
            },
            MinWords = parsed.GetValue(_minWords) ?? recipe.MinWords,
            MaxWords = parsed.GetValue(_maxWords) ?? recipe.MaxWords,
            MinCharacters = parsed.GetValue(_minCharacters) ?? recipe.MinCharacters,
            MaxCharacters = parsed.GetValue(_maxCharacters) ?? recipe.MaxCharacters,
            DropFileNames = !parsed.GetValue(_keepFileNames),
            DropBoilerplate = !parsed.GetValue(_keepBoilerplate),
        };
    }

    /// <summary>Which images are kept; how they are stored is left as it is.</summary>
    public (int MinBytes, int MinSide, double MaxAspect, int MaxArea) Limits(ParseResult parsed)
    {
        var recipe = Recipe(parsed);
        return (parsed.GetValue(_minBytes) ?? recipe.MinBytes, Math.Max(1, parsed.GetValue(_minSide) ?? recipe.MinSide),
            parsed.GetValue(_maxAspect) ?? recipe.MaxAspect, parsed.GetValue(_maxArea));
    }

    /// <summary>Block lists and scores, read and opened.</summary>
    /// <exception cref="UserErrorException">A file is missing or broken.</exception>
    public PictureFilters Filters(ParseResult parsed, BoxList? boxes = null)
    {
        List<ScoreModel> scores = [];
        try
        {
            var blocks = parsed.GetValue(_blocks) is { Length: > 0 } files ? BlockList.Load(files.Select(file => file.FullName)) : null;
            foreach (var score in parsed.GetValue(_scores) ?? [])
                scores.Add(Open(score));
            return new() { Blocks = blocks, Scores = scores, Boxes = boxes };
        }
        catch (Exception broken) when (broken is IOException or FormatException or InvalidDataException)
        {
            foreach (var score in scores)
                score.Dispose();
            throw UserErrorException.BadData(broken.Message);
        }
    }

    private static ScoreModel Open(string text)
    {
        var parts = text.Split(',');
        double? least = null, most = null;
        foreach (var part in parts[1..])
        {
            var isLeast = part.StartsWith("least=", StringComparison.Ordinal);
            if ((!isLeast && !part.StartsWith("most=", StringComparison.Ordinal))
                || !double.TryParse(part[(part.IndexOf('=') + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var limit))
                throw UserErrorException.Usage($"'{part}' of --score '{text}' is not least=NUMBER or most=NUMBER.");
            if (isLeast)
                least = limit;
            else
                most = limit;
        }
        return ScoreModel.Open(parts[0], least, most, Captions);
    }

    private static Func<string, long[]> Captions(string vocabulary, int context)
    {
        var tokenizer = ClipTokenizer.Load(vocabulary);
        return caption =>
        {
            var row = new long[context];
            tokenizer.Encode(caption, row, out _);
            return row;
        };
    }

    private FilterRecipe Recipe(ParseResult parsed) => FilterRecipe.All[parsed.GetValue(_recipe)!];

    private static Option<int?> Number(string name, string description) => new(name)
    {
        Description = $"{description}; by default the recipe's",
        HelpName = "N",
        CustomParser = result => CommonOptions.Parsed<int>(
            result, (string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value), "a whole number"),
    };
}
