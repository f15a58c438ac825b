using WebImageText.Pipeline.Wire;

namespace WebImageText.Pipeline.Copies;

/// <summary>Asks another range: does anything of yours stand in the way of these pictures? Answered with <see cref="CopyFindings"/>.</summary>
/// <param name="EntityId">Who is asked.</param>
/// <param name="From">The range that the pictures are at home in.</param>
/// <param name="Number">Of the question; each that <paramref name="From"/> asks has a greater one.</param>
/// <param name="Pictures">Their questions are open in <paramref name="From"/>.</param>
internal sealed record CopyQuestion(string EntityId, int From, long Number, IReadOnlyList<PictureOf> Pictures) : IEntityMessage;

/// <summary>What stands in the way of a question's pictures; nothing stands in the way of those that are not named.</summary>
/// <param name="Range">Who answers.</param>
/// <param name="Number">Of the question.</param>
/// <param name="Copies">Pictures that are copies of held ones.</param>
/// <param name="Waits">Pictures that are copies of ones which are decided before them, and are not yet.</param>
internal sealed record CopyFindings(int Range, long Number, IReadOnlyList<CopyFound> Copies, IReadOnlyList<PairUid> Waits);

/// <summary>The pair's picture is a copy.</summary>
internal readonly record struct CopyFound(PairUid Uid, CopyMatch Of);

/// <summary>The question of a picture is settled.</summary>
/// <param name="Picture">Which one.</param>
/// <param name="Of">Of what it is a copy; null if it is held from now on.</param>
internal readonly record struct CopyDecision(PictureOf Picture, CopyMatch? Of);
