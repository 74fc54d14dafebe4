using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ConfluenceGateway.Compatibility;

/// <summary>Holds back the beginning of a link while a rule may still match it, then gives what stands there for the app.</summary>
internal sealed class LinkBeginning
{
    // A byte that UTF-8 does not have: stands for an escape, which no rule matches.
    private const byte Escape = 0xFF;

    private readonly (byte[] From, byte[] To)[] _rules;
    private readonly byte[] _held;
    private readonly byte[] _plain;
    private readonly byte[] _decided;
    private int _heldLength;
    private int _plainLength;
    private int _rule;
    private bool _escaped;
    private int _decidedStart;
    private int _decidedEnd;

    public LinkBeginning(IReadOnlyList<LinkRule> rules)
    {
        _rules = [.. rules.Select(rule => (Encoding.UTF8.GetBytes(rule.From), Encoded(rule.To)))];

        // One byte past the longest rule decides on all of them. Each byte may be held with a backslash before it.
        _plain = new byte[_rules.Select(rule => rule.From.Length).DefaultIfEmpty().Max() + 1];
        _held = new byte[2 * _plain.Length];
        _decided = new byte[_held.Length + _rules.Select(rule => rule.To.Length).DefaultIfEmpty().Max()];
    }

    /// <summary>Whether a link has begun and it is not known yet what becomes of it.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether there are decided bytes that nobody took yet.</summary>
    public bool HasDecided => _decidedStart < _decidedEnd;

    /// <summary>A link begins: its opening quote has passed.</summary>
    public void Open()
    {
        IsOpen = true;
        _heldLength = 0;
        _plainLength = 0;
        _rule = 0;
    }

    /// <summary>Takes what follows of the link, until it is decided or all is taken. The closing quote is not taken.</summary>
    /// <returns>How many bytes were taken.</returns>
    public int Take(ReadOnlySpan<byte> json)
    {
        var taken = 0;
        while (IsOpen && taken < json.Length)
        {
            taken += _escaped ? TakeEscaped(json[taken]) : TakeRun(json[taken..]);
        }

        return taken;
    }

    /// <summary>The body ended within the link: what is held stays as it came.</summary>
    public void GiveUp()
    {
        if (IsOpen)
        {
            Decide([], rest: 0);
        }
    }

    /// <summary>Moves decided bytes to <paramref name="output"/>, as many as it has room for.</summary>
    /// <returns>How many bytes were moved.</returns>
    public int MoveDecided(Span<byte> output)
    {
        var count = Math.Min(output.Length, _decidedEnd - _decidedStart);
        _decided.AsSpan(_decidedStart, count).CopyTo(output);
        _decidedStart += count;
        return count;
    }

    private int TakeRun(ReadOnlySpan<byte> json)
    {
        var run = json[..Math.Min(json.Length, _plain.Length - _plainLength)];
        var end = run.IndexOfAny((byte)'"', (byte)'\\');
        run = end < 0 ? run : run[..end];
        run.CopyTo(_held.AsSpan(_heldLength));
        run.CopyTo(_plain.AsSpan(_plainLength));
        _heldLength += run.Length;
        _plainLength += run.Length;
        Judge(atEnd: end >= 0 && json[end] == '"');
        if (!IsOpen || end < 0)
        {
            return run.Length;
        }

        _held[_heldLength++] = (byte)'\\';
        _escaped = true;
        return run.Length + 1;
    }

    private int TakeEscaped(byte next)
    {
        _held[_heldLength++] = next;
        _plain[_plainLength++] = next == '/' ? next : Escape;
        _escaped = false;
        Judge(atEnd: false);
        return 1;
    }

    // The first rule that matches wins, so a later one waits until each before it is known not to.
    private void Judge(bool atEnd)
    {
        var plain = _plain.AsSpan(0, _plainLength);
        for (; _rule < _rules.Length; _rule++)
        {
            var (from, to) = _rules[_rule];
            if (plain.StartsWith(from) && (plain.Length == from.Length ? atEnd : plain[from.Length] is (byte)'/' or (byte)'?' or (byte)'#'))
            {
                Decide(to, HeldLengthOf(from.Length));
                return;
            }

            if (!atEnd && from.AsSpan().StartsWith(plain))
            {
                return;
            }
        }

        Decide([], rest: 0);
    }

    private int HeldLengthOf(int plainLength)
    {
        var length = 0;
        for (; plainLength > 0; plainLength--)
        {
            length += _held[length] == '\\' ? 2 : 1;
        }

        return length;
    }

    private void Decide(ReadOnlySpan<byte> beginning, int rest)
    {
        beginning.CopyTo(_decided);
        _held.AsSpan(rest, _heldLength - rest).CopyTo(_decided.AsSpan(beginning.Length));
        _decidedStart = 0;
        _decidedEnd = beginning.Length + _heldLength - rest;
        IsOpen = false;
        _escaped = false;
    }

    private static byte[] Encoded(string text) =>
        JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.ToArray();
}
