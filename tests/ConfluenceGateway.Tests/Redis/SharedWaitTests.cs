using ConfluenceGateway.Redis;

namespace ConfluenceGateway.Tests.Redis;

/// <summary>Group commit: who comes while a wait runs shares the next one.</summary>
public sealed class SharedWaitTests : IDisposable
{
    private readonly List<TaskCompletionSource> _waits = [];
    private readonly SemaphoreSlim _started = new(0);
    private readonly SharedWait _shared;

    public SharedWaitTests() => _shared = new SharedWait(() =>
    {
        var wait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waits.Add(wait);
        _started.Release();
        return wait.Task;
    });

    public void Dispose() => _started.Dispose();

    [Fact]
    public async Task Who_comes_while_one_runs_is_covered_by_the_next_and_not_by_it()
    {
        var first = _shared.StartedFromNowAsync();
        await _started.WaitAsync();
        var later = Enumerable.Range(0, 50).Select(_ => _shared.StartedFromNowAsync()).ToArray();

        _waits[0].SetResult();
        await first;
        await _started.WaitAsync();

        Assert.All(later, waiting => Assert.False(waiting.IsCompleted));
        _waits[1].SetResult();
        await Task.WhenAll(later);
        Assert.Equal(2, _waits.Count);
    }

    [Fact]
    public async Task One_that_fails_fails_those_it_covers_and_nobody_after_them()
    {
        var first = _shared.StartedFromNowAsync();
        await _started.WaitAsync();
        var second = _shared.StartedFromNowAsync();

        _waits[0].SetException(new NotDurableException("not confirmed"));
        await Assert.ThrowsAsync<NotDurableException>(() => first);
        await _started.WaitAsync();
        _waits[1].SetResult();

        await second;
    }
}
