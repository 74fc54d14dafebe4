namespace ConfluenceGateway.Redis;

/// <summary>Wakes the one loop that waits for it. A ring while the loop works ends its next wait at once.</summary>
internal sealed class Signal
{
    private volatile TaskCompletionSource _rung = New();

    /// <summary>Wakes the loop.</summary>
    public void Ring() => _rung.TrySetResult();

    /// <summary>Waits for a ring, for <paramref name="atMost"/>.</summary>
    /// <returns>Whether it rang.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<bool> WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        var rung = _rung;
        await rung.Task.WaitAsync(atMost, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (!rung.Task.IsCompleted)
        {
            return false;
        }

        // Before the loop works: what rings from now on is for the next wait.
        _rung = New();
        return true;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
