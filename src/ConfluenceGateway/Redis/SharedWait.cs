namespace ConfluenceGateway.Redis;

/// <summary>One wait at a time, shared by all who ask for one while another runs (group commit).</summary>
internal sealed class SharedWait(Func<Task> wait)
{
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private Task? _next;

    /// <summary>Ends as a wait ends that starts after this call.</summary>
    public Task StartedFromNowAsync()
    {
        lock (_gate)
        {
            // The one under way started before this caller's write was answered, so it need not cover it.
            return _next ??= AfterAsync(_running);
        }
    }

    private async Task AfterAsync(Task running)
    {
        // Yields always: _next is set by then, and nothing runs under the caller's lock.
        await running.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            _running = _next!;
            _next = null;
        }

        await wait();
    }
}
