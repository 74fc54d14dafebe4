namespace AtlassianSimulator.Media;

/// <summary>A file of the media store.</summary>
/// <param name="Id">What the API calls <c>fileId</c>.</param>
/// <param name="Sha256">Of the content, in lower-case hex.</param>
internal sealed record StoredFile(string Id, string Path, string MediaType, long Length, string Sha256);
