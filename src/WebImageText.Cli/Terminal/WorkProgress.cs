using System.Diagnostics;
using Spectre.Console;

namespace WebImageText.Cli.Terminal;

/// <summary>How far a piece of work is.</summary>
/// <param name="Done">In the unit of <paramref name="Total"/>.</param>
/// <param name="Total">0 when it is not known.</param>
/// <param name="Text">What a person wants to know besides: rates, counts.</param>
internal readonly record struct WorkState(double Done, double Total, string Text);

/// <summary>A bar on a terminal; elsewhere a plain line every few seconds. Both to standard error.</summary>
internal static class WorkProgress
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    /// <param name="title">What is being done: "Verifying shards".</param>
    /// <param name="work">Reports its state as often as it likes, from any thread.</param>
    public static Task<T> RunAsync<T>(string title, Func<Action<WorkState>, Task<T>> work) =>
        Screen.Log.Profile.Capabilities.Interactive && Screen.Log.Profile.Out.IsTerminal
            ? BarAsync(title, work)
            : LinesAsync(title, work);

    private static Task<T> BarAsync<T>(string title, Func<Action<WorkState>, Task<T>> work) => Screen.Log.Progress()
        .AutoClear(true)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
        .StartAsync(async ui =>
        {
            var bar = ui.AddTask(Markup.Escape(title), maxValue: 1);
            return await work(state =>
            {
                bar.IsIndeterminate = state.Total <= 0;
                bar.MaxValue = Math.Max(state.Total, double.Epsilon);
                bar.Value = state.Done;
                bar.Description = Markup.Escape(Screen.Printable(state.Text.Length == 0 ? title : $"{title}: {state.Text}"));
            });
        });

    private static async Task<T> LinesAsync<T>(string title, Func<Action<WorkState>, Task<T>> work)
    {
        var clock = Stopwatch.StartNew();
        var gate = new Lock();
        var next = LineEvery;
        return await work(state =>
        {
            lock (gate)
            {
                if (clock.Elapsed < next)
                    return;
                next = clock.Elapsed + LineEvery;
                var share = state.Total > 0 ? $" {state.Done / state.Total:P0}" : "";
                Screen.Note($"{title}:{share} {state.Text}");
            }
        });
    }
}
