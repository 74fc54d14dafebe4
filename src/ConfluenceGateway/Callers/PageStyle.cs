using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;

namespace ConfluenceGateway.Callers;

/// <summary>The one style sheet of all pages, and the content security policy that allows it and nothing else.</summary>
internal static class PageStyle
{
    // Text reaches a contrast of 4.5:1 on its ground in both schemes, and what bounds a control 3:1 (WCAG 2.2 AA).
    private const string Css = """
        :root {
          color-scheme: light dark; font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif;
          --ground: #f4f5f7; --card: #fff; --text: #172b4d; --soft: #505f79; --line: #d5d9e0; --edge: #6b778c;
          --action: #0b57d0; --on-action: #fff; --over: #0842a0; --good: #146c43; --attention: #8a5300; --bad: #b3261e; --on-icon: #fff;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #14171c; --card: #1e232b; --text: #e6e9ef; --soft: #aab4c3; --line: #3a4250; --edge: #8b97a8;
            --action: #a8c7fa; --on-action: #062e6f; --over: #d3e3fd; --good: #6dd58c; --attention: #f5c26b; --bad: #ff9c94; --on-icon: #1e232b;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--text); overflow-wrap: break-word; }
        header, main { max-width: 42rem; margin: 0 auto; }
        header p { margin: 0; padding: 2rem 2rem .75rem; color: var(--soft); font-weight: 600; }
        main { margin-bottom: 3rem; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
        .heading { display: flex; gap: .75rem; align-items: flex-start; margin-bottom: 1rem; }
        h1 { margin: 0; font-size: 1.5rem; line-height: 2rem; min-width: 0; }
        h2 { margin: 1.75rem 0 .5rem; font-size: 1.0625rem; }
        p, ul, ol, dl { margin: 0 0 1rem; }
        ul, ol { padding-left: 1.25rem; }
        li { margin: .25rem 0; }
        a { color: var(--action); }
        code, pre { font-family: ui-monospace, monospace; font-size: .9375em; overflow-wrap: anywhere; }
        pre { padding: .75rem; border: 1px solid var(--line); border-radius: .375rem; white-space: pre-wrap; }
        .icon { flex: none; width: 2rem; height: 2rem; fill: none; stroke: var(--on-icon); stroke-width: 2.5; stroke-linecap: round; stroke-linejoin: round; }
        .icon circle, .icon rect, .icon .shape { stroke: none; fill: var(--soft); }
        .icon.good circle { fill: var(--good); }
        .icon.attention .shape { fill: var(--attention); }
        .icon.bad .shape { fill: var(--bad); }
        dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .5rem 1.25rem; padding: 1rem 0; border: solid var(--line); border-width: 1px 0; }
        dt { color: var(--soft); }
        dd { margin: 0; }
        dd small, .aside { color: var(--soft); font-size: .9375rem; }
        .told { padding: .75rem 1rem; border-left: .25rem solid var(--bad); background: var(--ground); border-radius: 0 .375rem .375rem 0; }
        .told.attention { border-color: var(--attention); }
        details { margin: 0 0 1rem; }
        summary { color: var(--action); cursor: pointer; width: fit-content; }
        details ul { margin-top: .5rem; columns: 17rem; }
        fieldset { margin: 0 0 1rem; padding: 0; border: 0; }
        legend { padding: 0 0 .5rem; font-weight: 600; }
        label { display: flex; gap: .75rem; align-items: center; margin-bottom: .5rem; padding: .75rem 1rem; border: 1px solid var(--edge); border-radius: .5rem; cursor: pointer; }
        label:has(:checked) { border-color: var(--action); box-shadow: inset 0 0 0 1px var(--action); }
        label span { min-width: 0; }
        label small { display: block; color: var(--soft); font-size: .9375rem; }
        input[type=radio] { flex: none; width: 1.125rem; height: 1.125rem; margin: 0; accent-color: var(--action); }
        button, .button { display: inline-block; padding: .625rem 1.5rem; border: 0; border-radius: .5rem; background: var(--action); color: var(--on-action); font: inherit; font-weight: 600; text-decoration: none; cursor: pointer; }
        button:hover, .button:hover { background: var(--over); }
        :focus-visible { outline: 3px solid var(--action); outline-offset: 3px; border-radius: .25rem; }
        button:focus-visible, .button:focus-visible { border-radius: .5rem; }
        label:has(:focus-visible) { outline: 3px solid var(--action); outline-offset: 2px; }
        label :focus-visible { outline: 0; }
        .actions { margin: 1.5rem 0; }
        main > :last-child { margin-bottom: 0; }
        @media (max-width: 40rem) {
          body { background: var(--card); }
          header p { padding: 1rem 1rem 0; }
          main { margin: 0; padding: 1rem; border: 0; border-radius: 0; }
          dl { grid-template-columns: 1fr; gap: 0; }
          dd + dt { margin-top: .5rem; }
          button, .button { width: 100%; text-align: center; padding: .75rem 1rem; }
        }
        @media (forced-colors: active) { .icon { forced-color-adjust: none; } button, .button { border: 1px solid; } }
        """;

    private static readonly string StyleHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)));

    /// <summary>The style sheet, as it stands in the page.</summary>
    public static MarkupString Sheet { get; } = new(Css);

    /// <summary>The value of <c>Content-Security-Policy</c>: no script, no foreign resource, no frame.</summary>
    /// <param name="formAction">Where forms may lead, redirects included, as sources of the policy.</param>
    public static string ContentSecurityPolicy(string formAction) =>
        $"default-src 'none'; style-src 'sha256-{StyleHash}'; form-action {formAction}; frame-ancestors 'none'; base-uri 'none'";
}
