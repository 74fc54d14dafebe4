namespace AtlassianSimulator;

/// <summary>Where a started simulator listens: the auth and API address, and the media host's.</summary>
public sealed record SimulatorAddresses(Uri Url, Uri MediaUrl);
