using System.Globalization;

namespace WebImageText.Shards.Select;

/// <summary>Reads a condition by descent, and knows the type of every part before any row is seen.</summary>
internal sealed class RowFilterParser
{
    private const int Longest = 10_000;
    private const int Deepest = 100;

    private readonly IReadOnlyList<FilterWord> _words;
    private readonly HashSet<string> _columns = [];
    private int _at;
    private int _depth;

    public RowFilterParser(string text)
    {
        if (text.Length > Longest)
            throw new FormatException($"The condition has {text.Length} characters; {Longest} are allowed.");
        _words = FilterWord.Of(text);
    }

    public IReadOnlySet<string> Columns => _columns;

    private FilterWord Word => _words[_at];

    public Term Parse()
    {
        var term = Truth(Or());
        return Word.Kind == 'e' ? term : throw Unexpected("AND, OR or the end");
    }

    private Term Or()
    {
        if (++_depth > Deepest)
            throw new FormatException($"The condition is nested more than {Deepest} deep.");
        var term = And();
        while (Took("or"))
        {
            var (left, right) = (Truth(term), Truth(And()));
            term = new(TermType.Truth, row => (left.Evaluate(row), right.Evaluate(row)) switch
            {
                (true, _) or (_, true) => true,
                (null, _) or (_, null) => null,
                _ => false,
            });
        }
        _depth--;
        return term;
    }

    private Term And()
    {
        var term = Not();
        while (Took("and"))
        {
            var (left, right) = (Truth(term), Truth(Not()));
            term = new(TermType.Truth, row => (left.Evaluate(row), right.Evaluate(row)) switch
            {
                (false, _) or (_, false) => false,
                (null, _) or (_, null) => null,
                _ => true,
            });
        }
        return term;
    }

    private Term Not()
    {
        var isTurned = false;
        while (Took("not"))
            isTurned = !isTurned;
        var term = Comparison();
        return isTurned ? Turned(Truth(term)) : term;
    }

    private Term Comparison()
    {
        var left = Sum();
        foreach (var sign in new[] { "=", "<>", "!=", "<=", ">=", "<", ">" })
            if (Took(sign))
                return FilterTerms.Compare(left, sign, Sum(), At);
        if (Took("is"))
        {
            var isNot = Took("not");
            Expect("null");
            return new(TermType.Truth, row => left.Evaluate(row) is null != isNot);
        }
        var isTurned = Took("not");
        var term = Took("like") ? FilterTerms.Like(left, Text(), ignoreCase: false, At)
            : Took("ilike") ? FilterTerms.Like(left, Text(), ignoreCase: true, At)
            : Took("in") ? In(left)
            : Took("between") ? Between(left)
            : isTurned ? throw Unexpected("LIKE, ILIKE, IN or BETWEEN")
            : left;
        return isTurned ? Turned(term) : term;
    }

    private Term In(Term left)
    {
        Expect("(");
        Term? any = null;
        do
        {
            var equal = FilterTerms.Compare(left, "=", Sum(), At);
            any = any is { } before
                ? new(TermType.Truth, row => (before.Evaluate(row), equal.Evaluate(row)) switch { (true, _) or (_, true) => true, (null, _) or (_, null) => null, _ => false })
                : equal;
        }
        while (Took(","));
        Expect(")");
        return any;
    }

    private Term Between(Term left)
    {
        var least = FilterTerms.Compare(left, ">=", Sum(), At);
        Expect("and");
        var most = FilterTerms.Compare(left, "<=", Sum(), At);
        return new(TermType.Truth, row => (least.Evaluate(row), most.Evaluate(row)) switch
        {
            (false, _) or (_, false) => false,
            (null, _) or (_, null) => null,
            _ => true,
        });
    }

    private Term Sum()
    {
        var term = Product();
        while (Word.Is("+") || Word.Is("-"))
            term = FilterTerms.Calculate(term, Next().Text, Product(), At);
        return term;
    }

    private Term Product()
    {
        var term = Single();
        while (Word.Is("*") || Word.Is("/"))
            term = FilterTerms.Calculate(term, Next().Text, Single(), At);
        return term;
    }

    private Term Single()
    {
        var word = Next();
        switch (word.Kind)
        {
            case '1':
                var number = double.Parse(word.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
                return new(TermType.Number, _ => number);
            case 't':
                return new(TermType.Text, _ => word.Text);
            case 's' when word.Text == "(":
                var inner = Or();
                Expect(")");
                return inner;
            case 's' when word.Text == "-" && ++_depth < Deepest:
                var negative = FilterTerms.Calculate(new(TermType.Number, _ => 0.0), "-", Single(), At);
                _depth--;
                return negative;
            case 'n' when Word.Is("("):
                return Function(word);
            case 'n' when word.Is("null"):
                return new(TermType.Null, _ => null);
            case 'n' when word.Is("true") || word.Is("false"):
                var truth = word.Is("true");
                return new(TermType.Truth, _ => truth);
            case 'n' when FilterTerms.Column(word.Text.ToLowerInvariant()) is { } column:
                _columns.Add(word.Text.ToLowerInvariant());
                return column;
            case 'n':
                throw new FormatException($"There is no column '{word.Text}' (at {word.At + 1}). There are: {FilterTerms.ColumnNames}.");
            default:
                _at--;
                throw Unexpected("a column, a number or a 'text'");
        }
    }

    private Term Function(FilterWord name)
    {
        Expect("(");
        if (name.Is("score"))
        {
            _columns.Add("scores");
            var score = FilterTerms.Score(Text());
            Expect(")");
            return score;
        }
        var term = FilterTerms.Function(name.Text.ToLowerInvariant(), Or(), name.At);
        Expect(")");
        return term;
    }

    private Term Truth(Term term) => term.Type is TermType.Truth or TermType.Null
        ? term
        : throw new FormatException($"Before {Word.At + 1} stands a {term.Type.ToString().ToLowerInvariant()}, where something true or false is needed: compare it.");

    private static Term Turned(Term term) => new(TermType.Truth, row => term.Evaluate(row) is bool truth ? !truth : null);

    private int At => Word.At + 1;

    private string Text() => Next() is { Kind: 't' } word ? word.Text : throw new FormatException($"At {_words[_at - 1].At + 1} a 'text' is needed.");

    private FilterWord Next() => Word.Kind == 'e' ? throw Unexpected("more") : _words[_at++];

    private bool Took(string word)
    {
        if (!Word.Is(word))
            return false;
        _at++;
        return true;
    }

    private void Expect(string word)
    {
        if (!Took(word))
            throw Unexpected($"'{word.ToUpperInvariant()}'");
    }

    private FormatException Unexpected(string wanted) => new($"At {Word.At + 1} stands '{Word.Text}', where {wanted} is needed.");
}
