namespace WebImageText.Cli.Demo.Scenes;

/// <summary>What is asked of a seeded <see cref="Random"/> here.</summary>
internal static class Dice
{
    public static double Between(this Random random, double low, double high) => low + random.NextDouble() * (high - low);

    public static bool Chance(this Random random, double share) => random.NextDouble() < share;

    public static T Pick<T>(this Random random, params IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
}

/// <summary>Gives every card once in random order, then again: each comes up as often as any other.</summary>
internal sealed class Deck<T>(IReadOnlyList<T> cards, Random random)
{
    private readonly Queue<T> _left = new();

    public T Next()
    {
        if (_left.Count == 0)
        {
            var shuffled = cards.ToArray();
            random.Shuffle(shuffled);
            foreach (var card in shuffled)
                _left.Enqueue(card);
        }
        return _left.Dequeue();
    }
}
