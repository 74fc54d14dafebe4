using System.Runtime.CompilerServices;

namespace ConfluenceGateway.Compatibility;

/// <summary>
/// A JSON body whose links begin as <paramref name="rules"/> say, and which is otherwise <paramref name="source"/>, byte for byte.
/// </summary>
/// <remarks>
/// A link is rewritten where a rule's beginning is followed by <c>/</c>, <c>?</c>, <c>#</c> or the link's end; the first rule that
/// matches counts. What a link is says <see cref="LinkFinder"/>. Nothing is held back but the beginning of a link that may still
/// match. What is not JSON passes as it is.
/// </remarks>
/// <param name="source">The body as it came; disposed with this stream.</param>
internal sealed class LinkRewritingStream(Stream source, IReadOnlyList<LinkRule> rules) : ForwardStream
{
    private readonly LinkFinder _finder = new();
    private readonly LinkBeginning _beginning = new(rules);
    private readonly byte[] _input = new byte[8 * 1024];
    private int _inputStart;
    private int _inputEnd;
    private bool _ended;

    /// <inheritdoc />
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            // Such a read only waits until there is something to read.
            return _ended || HasInput || _beginning.HasDecided ? 0 : await source.ReadAsync(buffer, cancellationToken);
        }

        while (true)
        {
            var count = Rewrite(buffer.Span);
            if (count > 0 || _ended)
            {
                return count;
            }

            var read = await source.ReadAsync(_input, cancellationToken);
            (_inputStart, _inputEnd) = (0, read);
            if (read == 0)
            {
                _ended = true;
                _beginning.GiveUp();
            }
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool HasInput => _inputStart < _inputEnd;

    private int Rewrite(Span<byte> output)
    {
        var written = _beginning.MoveDecided(output);
        while (written < output.Length && HasInput)
        {
            var input = _input.AsSpan(_inputStart.._inputEnd);
            if (_beginning.IsOpen)
            {
                _inputStart += _beginning.Take(input);
                written += _beginning.MoveDecided(output[written..]);
                continue;
            }

            var passed = _finder.Follow(input[..Math.Min(input.Length, output.Length - written)], out var link);
            input[..passed].CopyTo(output[written..]);
            _inputStart += passed;
            written += passed;
            if (link)
            {
                _beginning.Open();
            }
        }

        return written;
    }
}
