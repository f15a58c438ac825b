using System.Globalization;

namespace WebImageText.Crawl.Extract;

/// <summary>One image of a <c>srcset</c> attribute.</summary>
/// <param name="Url">As it stands in the attribute.</param>
/// <param name="Width">The <c>w</c> descriptor, pixels.</param>
/// <param name="Density">The <c>x</c> descriptor; none at all means 1.</param>
/// <param name="Height">The <c>h</c> descriptor, pixels.</param>
internal readonly record struct SrcSetImage(string Url, long? Width = null, double? Density = null, long? Height = null);

/// <summary>Reads <c>srcset</c> attributes and orders what they name, the largest first.</summary>
/// <remarks>WHATWG HTML Standard, "parse a srcset attribute"; linear in the length of the attribute.</remarks>
internal static class SrcSet
{
    private const string Spaces = "\t\n\f\r ";

    /// <summary>The images of an attribute, in its order; one with a wrong descriptor is left out.</summary>
    /// <param name="attribute">The whole value.</param>
    /// <param name="most">How many images are read; the rest is not looked at.</param>
    public static List<SrcSetImage> Parse(ReadOnlySpan<char> attribute, int most = int.MaxValue)
    {
        var images = new List<SrcSetImage>();
        var rest = attribute;
        while (images.Count < most)
        {
            rest = rest.TrimStart("\t\n\f\r ,");
            if (rest.IsEmpty)
                break;
            var end = rest.IndexOfAny(Spaces);
            var url = end < 0 ? rest : rest[..end];
            rest = rest[url.Length..];
            var descriptors = new Descriptors();
            if (url.EndsWith(','))
                url = url.TrimEnd(',');
            else
                descriptors.Read(ref rest);
            if (descriptors.Image(url) is { } image)
                images.Add(image);
        }
        return images;
    }

    /// <summary>Every address for one image, the best first: width, then density, then the order of the page.</summary>
    /// <param name="images">Of the <c>srcset</c> attributes, in the order of the page.</param>
    /// <param name="src">The <c>src</c> attribute: it counts 1x, and not at all beside a width or another 1x.</param>
    public static IEnumerable<string> LargestFirst(IReadOnlyCollection<SrcSetImage> images, string? src)
    {
        IEnumerable<SrcSetImage> all = images;
        if (!string.IsNullOrEmpty(src) && !images.Any(image => image.Width is not null || (image.Density ?? 1) == 1))
            all = all.Append(new(src));
        return all.OrderByDescending(image => image.Width ?? 0).ThenByDescending(image => image.Density ?? 1)
            .Select(image => image.Url).Where(url => !url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)).Distinct();
    }

    // The descriptors of one image; a wrong one, or two that contradict each other, is an error of that image only.
    private struct Descriptors
    {
        private long? _width;
        private long? _height;
        private double? _density;
        private bool _wrong;

        public void Read(ref ReadOnlySpan<char> rest)
        {
            int start = 0, at = 0;
            var inParentheses = false;
            for (; at < rest.Length && (inParentheses || rest[at] != ','); at++)
            {
                var isSpace = Spaces.Contains(rest[at]);
                if (!inParentheses && isSpace)
                {
                    Add(rest[start..at]);
                    start = at + 1;
                }
                inParentheses = inParentheses ? rest[at] != ')' : rest[at] == '(';
            }
            Add(rest[start..at]);
            rest = rest[Math.Min(rest.Length, at + 1)..];
        }

        public readonly SrcSetImage? Image(ReadOnlySpan<char> url) =>
            _wrong || (_height is not null && _width is null) ? null : new(url.ToString(), _width, _density, _height);

        private void Add(ReadOnlySpan<char> descriptor)
        {
            if (descriptor.IsEmpty)
                return;
            var number = descriptor[..^1];
            switch (descriptor[^1])
            {
                case 'w' when _width is null && _density is null && Pixels(number) is { } width:
                    _width = width;
                    break;
                case 'h' when _height is null && _density is null && Pixels(number) is { } height:
                    _height = height;
                    break;
                case 'x' when _width is null && _density is null && _height is null && Number(number) is >= 0 and var density:
                    _density = density;
                    break;
                default:
                    _wrong = true;
                    break;
            }
        }

        // A valid non-negative integer other than 0; one that no picture has is cut to what a long holds.
        private static long? Pixels(ReadOnlySpan<char> digits)
        {
            if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9') || !digits.ContainsAnyExcept('0'))
                return null;
            return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var pixels) ? pixels : long.MaxValue;
        }

        // A valid floating-point number: no plus sign, and digits after a point.
        private static double? Number(ReadOnlySpan<char> text)
        {
            const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
            var mantissa = text.IndexOfAny('e', 'E') is >= 0 and var exponent ? text[..exponent] : text;
            return !mantissa.IsEmpty && mantissa[0] != '+' && mantissa[^1] != '.'
                && double.TryParse(text, Style, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                ? value : null;
        }
    }
}
