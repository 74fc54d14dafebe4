using System.Globalization;
using ConfluenceGateway.Admin.Api;
using ConfluenceGateway.Callers;

namespace ConfluenceGateway.Admin.Pages;

/// <summary>A caller key that is to be made, as somebody typed it.</summary>
/// <param name="Name">What people will call it.</param>
/// <param name="Connections">Ids, with spaces, commas or line breaks between them.</param>
/// <param name="All">Whether it is for every connection instead.</param>
/// <param name="Access"><c>read</c> or <c>write</c>.</param>
/// <param name="ExpiresAt">The day from which on it is refused; empty for never.</param>
public sealed record CallerKeyForm(string Name = "", string Connections = "", bool All = false, string Access = "read", string ExpiresAt = "")
{
    private static readonly char[] Separators = [' ', ',', ';', '\t', '\r', '\n'];

    /// <summary>What was posted.</summary>
    internal static CallerKeyForm Of(IFormCollection form) =>
        new(form["name"].ToString(), form["connections"].ToString(), form["all"].Count > 0, form["access"].ToString(), form["expiresAt"].ToString().Trim());

    /// <summary>What is wanted; or what cannot be understood of it. Whether it can be had is seen when the key is made.</summary>
    internal (NewCallerKey? Wanted, Problem? Problem) Read()
    {
        var named = Connections.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        if (All && named.Length > 0)
        {
            return (null, AdminProblems.InvalidField("connections", "name connections, or choose all of them, but not both."));
        }

        DateTimeOffset? expiresAt = null;
        if (ExpiresAt.Length > 0)
        {
            if (!DateOnly.TryParseExact(ExpiresAt, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                return (null, AdminProblems.InvalidField("expiresAt", "must be a day, such as 2027-05-31, or be left empty."));
            }

            expiresAt = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        }

        return (new NewCallerKey(Name, All ? [CallerKey.EveryConnection] : named, Access, expiresAt), null);
    }
}
