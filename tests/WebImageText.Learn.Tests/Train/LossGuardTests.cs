using WebImageText.Learn.Train;

namespace WebImageText.Learn.Tests.Train;

public sealed class LossGuardTests
{
    private const int Batch = 1024; // chance: 6.93

    [Fact]
    public void Steps_without_a_finite_gradient_are_borne_until_there_are_too_many_in_a_row()
    {
        var guard = new LossGuard(Batch, patience: 3);

        Assert.Null(guard.Take(double.NaN, isSkipped: true));
        Assert.Null(guard.Take(double.PositiveInfinity, isSkipped: false));
        Assert.Null(guard.Take(6, isSkipped: false)); // counts anew from here
        Assert.Null(guard.Take(6, isSkipped: true));
        Assert.Null(guard.Take(6, isSkipped: true));
        Assert.Contains("3 steps in a row", guard.Take(6, isSkipped: true), StringComparison.Ordinal);
        Assert.Equal(6, guard.Smoothed);
    }

    [Fact]
    public void A_loss_that_was_low_and_rises_above_guessing_is_reported()
    {
        var guard = new LossGuard(Batch);
        Assert.All(Enumerable.Repeat(3.0, 100), loss => Assert.Null(guard.Take(loss, false)));
        Assert.Null(guard.Take(40, false)); // one bad batch moves the smoothed loss by 0.74

        var said = Enumerable.Repeat(9.0, 200).Select(loss => guard.Take(loss, false)).FirstOrDefault(wrong => wrong is not null);

        Assert.Contains("above the 6.93 of guessing", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_begins_above_guessing_is_left_alone()
    {
        var guard = new LossGuard(Batch);

        Assert.All(Enumerable.Repeat(9.0, 500), loss => Assert.Null(guard.Take(loss, false)));
    }
}
