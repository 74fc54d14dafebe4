namespace ConfluenceGateway.Compatibility.V1;

/// <summary>An operation that was removed from v1, and what serves it by means of v2.</summary>
/// <param name="Method">The method; GET stands for HEAD too.</param>
/// <param name="Template">The path below <c>/rest/api/</c>, with <c>{id}</c> for the id of content, <c>{number}</c> for a number, and anything else in braces for a segment.</param>
/// <param name="Instead">What to call instead, for the owner of the app.</param>
/// <param name="ServeAsync">Serves a call of it.</param>
internal sealed record V1Operation(string Method, string Template, string Instead, Func<V1Call, Task<V1Answer>> ServeAsync)
{
    /// <summary>Its name, such as <c>GET content/{id}</c>; one of a few dozen, so that it can be a metric's label.</summary>
    public string Name { get; } = $"{Method} {Template}";

    /// <summary>The segments of the template.</summary>
    public string[] Segments { get; } = Template.Split('/');
}
