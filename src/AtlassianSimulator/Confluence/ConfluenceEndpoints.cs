using AtlassianSimulator.Confluence.V1;
using AtlassianSimulator.Confluence.V2;
using AtlassianSimulator.Edge;
using AtlassianSimulator.Media;

namespace AtlassianSimulator.Confluence;

/// <summary>Confluence behind the API gateway, with and without <c>/wiki</c> in the path.</summary>
internal sealed class ConfluenceEndpoints(ApiAdmission admission, ConfluenceSites sites, LiveSettings settings, MediaStore media, MediaHost mediaHost)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        MapSite(routes.MapGroup("/ex/confluence/{cloudId}"));
        MapSite(routes.MapGroup("/ex/confluence/{cloudId}/wiki"));
    }

    private void MapSite(IEndpointRouteBuilder site)
    {
        var operations = new ConfluenceOperations(site, admission, sites, settings);
        new V2Contents(ContentKind.Page, "/pages").Map(operations);
        new V2Contents(ContentKind.BlogPost, "/blogposts").Map(operations);
        V2PageTree.Map(operations);
        new V2Comments(ContentKind.FooterComment, "/footer-comments").Map(operations);
        new V2Comments(ContentKind.InlineComment, "/inline-comments").Map(operations);
        V2Spaces.Map(operations);
        V2Details.Map(operations);
        V2Properties.Map(operations);
        V2Operations.Map(operations);
        V2ContentTypes.Map(operations);
        V2Tasks.Map(operations);
        V2Attachments.Map(operations);

        V1Users.Map(operations);
        V1Search.Map(operations);
        V1Details.Map(operations);
        V1Restrictions.Map(operations);
        V1SpaceLabels.Map(operations);
        V1BodyConversion.Map(operations);
        new V1Attachments(media, mediaHost).Map(operations);
        V1RemovedContent.Map(operations);
        V1RemovedListings.Map(operations);
        V1RemovedProperties.Map(operations);
        V1RemovedSpaces.Map(operations);
        V1RemovedTasks.Map(operations);

        // The download servlet never belonged to the API and turns every token away.
        operations.Raw("GET", "/download/attachments/{**file}", null, ServletUnauthorizedAsync);
        operations.Raw("GET", "/download/thumbnails/{**file}", null, ServletUnauthorizedAsync);
        operations.Rest(NotFoundAsync);
    }

    private static Task ServletUnauthorizedAsync(ConfluenceCall call)
    {
        call.Http.Response.StatusCode = 401;
        call.Http.Response.Headers.WWWAuthenticate = $"OAuth realm=\"{call.Site.Site.WikiBase}\"";
        return Task.CompletedTask;
    }

    private static Task NotFoundAsync(ConfluenceCall call)
    {
        var error = call.ApiPath.StartsWith("/rest/", StringComparison.Ordinal)
            ? V1Exception.NotFound($"No resource at {call.ApiPath}").Body
            : V2Exception.NotFound().Body;
        return Json.WriteAsync(call.Http, error, 404);
    }
}
