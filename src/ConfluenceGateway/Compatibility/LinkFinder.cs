namespace ConfluenceGateway.Compatibility;

/// <summary>Follows a JSON text byte by byte, to know which of its strings are links of the API.</summary>
/// <remarks>
/// Links are the strings in an object named <c>_links</c> or <c>_expandable</c>, and those named <c>self</c> or <c>nextPage</c>.
/// Names written with escapes are not recognised. Past what is not JSON, or is nested too deep to follow, nothing is a link: a
/// guess could take a part of a page's body for one.
/// </remarks>
internal sealed class LinkFinder
{
    private const int DeepestNesting = 512;
    private const int LongestName = 11;
    private const int TooLong = LongestName + 1;

    // For each open object or array, whether it is an object.
    private readonly bool[] _isObject = new bool[DeepestNesting];
    private readonly byte[] _name = new byte[LongestName];
    private int _depth;
    private int _linksDepth;
    private int _nameLength;
    private Expected _expected = Expected.Value;
    private Member _member;
    private bool _inString;
    private bool _escaped;

    private enum Expected
    {
        Value,
        Name,
        Colon,
        RestOfScalar,
        CommaOrEnd,
        Nothing,
    }

    private enum Member
    {
        Other,
        Link,
        Links,
    }

    /// <summary>Follows <paramref name="json"/> up to a link, whose opening quote is then the last byte followed, or to its end.</summary>
    /// <returns>How many bytes were followed: at least one, if there are any.</returns>
    public int Follow(ReadOnlySpan<byte> json, out bool link)
    {
        link = false;
        var at = 0;
        while (at < json.Length && !link)
        {
            if (_inString)
            {
                at += FollowString(json[at..]);
            }
            else if (_expected == Expected.Nothing)
            {
                at = json.Length;
            }
            else
            {
                link = FollowByte(json[at]);
                at++;
            }
        }

        return at;
    }

    private bool FollowByte(byte next)
    {
        switch (next)
        {
            case (byte)'"' when _expected is Expected.Value or Expected.Name:
                _inString = true;
                _nameLength = 0;
                return _expected == Expected.Value && (_linksDepth > 0 || _member == Member.Link);

            case (byte)':' when _expected == Expected.Colon:
                _expected = Expected.Value;
                return false;

            case (byte)',' when _expected is Expected.CommaOrEnd or Expected.RestOfScalar && _depth > 0:
                _expected = InObject ? Expected.Name : Expected.Value;
                return false;

            case (byte)'{' or (byte)'[' when _expected == Expected.Value && _depth < DeepestNesting:
                Open(isObject: next == '{');
                return false;

            case (byte)'}' when InObject && _expected is Expected.Name or Expected.CommaOrEnd or Expected.RestOfScalar:
            case (byte)']' when InArray && _expected is Expected.Value or Expected.CommaOrEnd or Expected.RestOfScalar:
                Close();
                return false;

            case (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t':
                EndScalar();
                return false;

            case >= (byte)'0' and <= (byte)'9' or >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z' or (byte)'-' or (byte)'+' or (byte)'.'
                when _expected is Expected.Value or Expected.RestOfScalar:
                _expected = Expected.RestOfScalar;
                return false;

            // The bytes of a byte order mark.
            case 0xEF or 0xBB or 0xBF when _depth == 0 && _expected == Expected.Value:
                return false;

            default:
                _expected = Expected.Nothing;
                return false;
        }
    }

    private int FollowString(ReadOnlySpan<byte> text)
    {
        var at = _escaped ? 1 : 0;
        _escaped = false;
        while (true)
        {
            var length = text[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (_expected == Expected.Name)
            {
                Note(length < 0 ? text[at..] : text.Slice(at, length));
            }

            if (length < 0)
            {
                return text.Length;
            }

            at += length + 1;
            if (text[at - 1] == '"')
            {
                EndString();
                return at;
            }

            _nameLength = TooLong;
            if (at == text.Length)
            {
                _escaped = true;
                return at;
            }

            at++;
        }
    }

    // A name that is longer than all that matter is noted as too long.
    private void Note(ReadOnlySpan<byte> name)
    {
        if (_nameLength + name.Length <= LongestName)
        {
            name.CopyTo(_name.AsSpan(_nameLength));
            _nameLength += name.Length;
        }
        else
        {
            _nameLength = TooLong;
        }
    }

    private void EndString()
    {
        _inString = false;
        if (_expected == Expected.Name)
        {
            _expected = Expected.Colon;
            _member = _nameLength == TooLong ? Member.Other : Named(_name.AsSpan(0, _nameLength));
        }
        else
        {
            EndValue();
        }
    }

    private static Member Named(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("self"u8) || name.SequenceEqual("nextPage"u8) ? Member.Link
        : name.SequenceEqual("_links"u8) || name.SequenceEqual("_expandable"u8) ? Member.Links
        : Member.Other;

    private void Open(bool isObject)
    {
        _isObject[_depth++] = isObject;
        if (isObject && _member == Member.Links && _linksDepth == 0)
        {
            _linksDepth = _depth;
        }

        _member = Member.Other;
        _expected = isObject ? Expected.Name : Expected.Value;
    }

    private void Close()
    {
        _depth--;
        if (_depth < _linksDepth)
        {
            _linksDepth = 0;
        }

        EndValue();
    }

    private void EndScalar()
    {
        if (_expected == Expected.RestOfScalar)
        {
            EndValue();
        }
    }

    // Outside of everything the next value may follow: that is how NDJSON is written.
    private void EndValue()
    {
        _expected = _depth == 0 ? Expected.Value : Expected.CommaOrEnd;
        _member = Member.Other;
    }

    private bool InObject => _depth > 0 && _isObject[_depth - 1];

    private bool InArray => _depth > 0 && !_isObject[_depth - 1];
}
