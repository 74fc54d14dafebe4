namespace AtlassianSimulator.OAuth;

/// <summary>A posted form, as browsers and OAuth clients send it.</summary>
internal static class FormBody
{
    private const string FormUrlEncoded = "application/x-www-form-urlencoded";

    /// <summary>The form; null when the body is no such form.</summary>
    public static async Task<IFormCollection?> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentType?.StartsWith(FormUrlEncoded, StringComparison.OrdinalIgnoreCase) != true)
        {
            return null;
        }

        try
        {
            return await request.ReadFormAsync(cancellation);
        }
        catch (InvalidDataException)
        {
            // More or longer fields than any form of ours has.
            return null;
        }
    }
}
