using System.Text.Encodings.Web;

namespace AtlassianSimulator.OAuth;

/// <summary>The page a person lands on when the app that sent them cannot be told.</summary>
internal static class ErrorPage
{
    public static string Html(string error, string description) => PageWriter.Page("Something went wrong", $"""
        <h1>Something went wrong</h1>
        <p class="message" role="alert"><strong>{HtmlEncoder.Default.Encode(error)}</strong>: {HtmlEncoder.Default.Encode(description)}</p>
        <p>Close this page and start again from the app, or tell its owner what you see here.</p>
        <p class="note">This is the Atlassian simulator, not Atlassian.</p>
        """);
}
