using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace ConfluenceGateway.Configuration;

/// <summary>The range of a duration, both ends allowed, written as <c>hh:mm:ss</c> or <c>d.hh:mm:ss</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationAttribute(string minimum, string maximum) : ValidationAttribute
{
    private readonly TimeSpan _minimum = TimeSpan.Parse(minimum, CultureInfo.InvariantCulture);
    private readonly TimeSpan _maximum = TimeSpan.Parse(maximum, CultureInfo.InvariantCulture);

    /// <inheritdoc />
    public override bool IsValid(object? value) => value is TimeSpan duration && duration >= _minimum && duration <= _maximum;

    /// <inheritdoc />
    public override string FormatErrorMessage(string name) =>
        $"must be from {_minimum:c} to {_maximum:c}. A plain number counts days: write hh:mm:ss.";
}
