using Akka.Actor;

namespace WebImageText.Pipeline.Wire;

/// <summary>Questions to owners of state that may be on their way to another node just now.</summary>
internal static class Asking
{
    /// <summary>Asks until there is an answer: messages get lost with nodes, and the question does no harm when repeated.</summary>
    /// <param name="owner">Who knows.</param>
    /// <param name="question">The same each time.</param>
    /// <param name="patience">With one try.</param>
    /// <param name="stop">Ends the tries.</param>
    public static async Task<T> AskAgain<T>(this IActorRef owner, object question, TimeSpan patience, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await owner.Ask<T>(question, patience, stop).ConfigureAwait(false);
            }
            catch (AskTimeoutException) when (!stop.IsCancellationRequested)
            {
            }
        }
    }
}
