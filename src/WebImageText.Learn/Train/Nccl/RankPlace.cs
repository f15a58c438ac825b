using System.Globalization;

namespace WebImageText.Learn.Train.Nccl;

/// <summary>This process among those that train together, as torchrun tells it by environment variables.</summary>
/// <param name="Rank">RANK: from 0.</param>
/// <param name="Count">WORLD_SIZE.</param>
/// <param name="LocalRank">LOCAL_RANK: which of this machine's GPUs.</param>
/// <param name="Host">MASTER_ADDR: rank 0's machine.</param>
/// <param name="Port">MASTER_PORT; torchrun's own server listens there, ours on the next.</param>
public sealed record RankPlace(int Rank, int Count, int LocalRank, string Host, int Port)
{
    /// <summary>What the variables say; null where there are none.</summary>
    /// <exception cref="FormatException">They contradict each other.</exception>
    public static RankPlace? FromEnvironment(Func<string, string?> variable)
    {
        if (variable("WORLD_SIZE") is not { } world)
            return null;
        var place = new RankPlace(
            Number("RANK", null), Number("WORLD_SIZE", world), variable("LOCAL_RANK") is { } local ? Number("LOCAL_RANK", local) : 0,
            variable("MASTER_ADDR") ?? "127.0.0.1", variable("MASTER_PORT") is { } port ? Number("MASTER_PORT", port) : 29_500);
        return place.Count > 0 && place.Rank < place.Count ? place
            : throw new FormatException($"RANK is {place.Rank} and WORLD_SIZE is {place.Count}: ranks go from 0 to one below WORLD_SIZE.");

        int Number(string name, string? text) =>
            int.TryParse(text ?? variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
                : throw new FormatException($"The variable {name} must be a whole number, and is '{text ?? variable(name)}'.");
    }
}
