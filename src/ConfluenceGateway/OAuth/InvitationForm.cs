namespace ConfluenceGateway.OAuth;

/// <summary>What the button of a link's page sends along.</summary>
/// <param name="Ticket">The link's ticket.</param>
/// <param name="Browser">The proof that the page was given to the browser that sends the form.</param>
/// <param name="IsRefused">Whether the form came without that proof before.</param>
public sealed record InvitationForm(string Ticket, string Browser, bool IsRefused)
{
    // A record prints its members; this one holds the ticket.
    public override string ToString() => nameof(InvitationForm);
}
